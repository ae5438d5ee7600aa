namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>
/// Which person of an identity provider's directory an account is, below <c>/admin/user-provisioning/v1/org/{orgId}</c>, and to part the
/// two: the account stays managed and as it is.
/// </summary>
static class ScimLinksApi
{
    const string All = "/admin/user-provisioning/v1/org/{orgId:guid}";

    public static void MapScimLinks(this IEndpointRouteBuilder app)
    {
        var read = app.Requiring(Permission.ViewManagedAccounts, ApiScope.AccountsRead);
        read.MapGet($"{All}/user/{{accountId:guid}}/get-scim-links", (ApiCall call, Guid accountId) => Answer(call, new(accountId)));
        read.MapPost($"{All}/get-scim-links-for-email", ByEmail).WithMetadata(new OnlyLooks());
        var manage = app.Requiring(Permission.ManageProvisioning, ApiScope.ProvisioningManage);
        manage.MapPatch($"{All}/scimDirectoryId/{{scimDirectoryId:guid}}/scimUserId/{{scimUserId:guid}}/unlink",
            async (ApiCall call, Guid scimDirectoryId, Guid scimUserId) =>
                (await call.Execute(new WhichDirectory(call.Organization, new(scimUserId))))?.Id.Value == scimDirectoryId
                    ? await Unlink(call, new(scimUserId))
                    : new NotFound("link"));
        manage.MapDelete($"{All}/user/{{accountId:guid}}/onlyDeleteUserInDB", (ApiCall call, Guid accountId) =>
            Unlink(call, new(accountId)));
    }

    static async Task<ApiResult> ByEmail(ApiCall call)
    {
        var body = await call.Body<EmailBody>();
        var email = body.Granted ? EmailAddress.Parse(body.Value.Email) : body.Refusal;
        return !email.Granted ? email.Refusal
            : await call.Send(new FindAccount(email.Value)) is { } account ? await Answer(call, account.Id)
            : new NotFound("link");
    }

    /// <summary>Whose account is in no directory of the organization is answered as nobody.</summary>
    static async Task<ApiResult> Answer(ApiCall call, AccountId account) =>
        await call.Send(new WhichDirectory(call.Organization, account)) is { } directory
            ? ApiResult.Plain(new
            {
                scimLinks = (ScimLink[])[new(account.Value, directory.Id.Value, call.Organization.Value, account.Value)],
            })
            : new NotFound("link");

    static async Task<ApiResult> Unlink(ApiCall call, AccountId account) =>
        (await call.Execute(new UnlinkPerson(call.Organization, account, call.Origin))).Done();

    sealed record EmailBody(string? Email);

    /// <param name="ScimUserId">By SCIM, too, people have the account's id.</param>
    sealed record ScimLink(Guid AtlassianAccountId, Guid DirectoryId, Guid OrgId, Guid ScimUserId);
}
