namespace DirectoryPlatform.Web.Api.Management;

/// <summary><c>PUT /users/{accountId}/manage/email</c> (SPEC M4): onto a domain that the organization has verified.</summary>
static class UserEmail
{
    /// <summary>RFC 5321, 4.5.3.1.</summary>
    const int LongestPart = 64, Longest = 254;

    public static void MapEmails(this IEndpointRouteBuilder app) =>
        app.MapPut("/users/{accountId:guid}/manage/email", Set).Requires(Permission.ManageAccounts, ApiScope.AccountsManage);

    static async Task Set(HttpContext http, IMediator mediator, Guid accountId)
    {
        var body = await ApiBody.ReadLenient<Body>(http);
        if (!body.Granted)
        {
            await UserFaults.Refuse(http, accountId, body.Refusal);
            return;
        }
        var refusal = (await mediator.Send(new GiveEmail(new(accountId), http.KeysOrganization(), body.Value.Email, http.Origin()),
            CancellationToken.None)).Refusal;
        await (refusal switch
        {
            null or EmailUnchanged => ApiAnswer.Nothing(http),
            EmailDomainForeign foreign =>
                UserFaults.Write(http, StatusCodes.Status403Forbidden, "forbidden.unclaimedDomain", new Unclaimed(foreign.Domain),
                    foreign.Sentence),
            EmailUnverified => UserFaults.Write(http, StatusCodes.Status403Forbidden, "forbidden.targetUnverified", null, refusal.Sentence),
            EmailTaken => UserFaults.Write(http, StatusCodes.Status409Conflict, "conflict.emailTaken", null, refusal.Sentence),
            InvalidValue => UserFaults.Violated(http, [("email", Violation(body.Value.Email ?? ""))], refusal.Sentence),
            _ => UserFaults.Refuse(http, accountId, refusal),
        });
    }

    static string Violation(string email) => email.Trim() is var text && text.Length > Longest
        ? "maxLength"
        : text.LastIndexOf('@') > LongestPart ? "partMaxLength" : "validCharacters";

    sealed record Body(string? Email);

    sealed record Unclaimed(string Domain);
}
