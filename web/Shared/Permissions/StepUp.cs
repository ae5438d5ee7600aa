namespace DirectoryPlatform.Web.Permissions;

/// <summary>One kind of thing for which the password is asked again in a browser (SPEC S12).</summary>
/// <param name="Words">For the page that shows the list: what it is.</param>
/// <param name="Why">For the same page: what somebody at a browser left open could do otherwise.</param>
/// <param name="Commands">The requests that do it.</param>
public sealed record StepUpRow(string Words, string Why, params IReadOnlyList<Type> Commands);

/// <summary>
/// What asks for the password again (SPEC S12): this one list. <see cref="StepUpGuard{TRequest,TResponse}"/> stands before each of these
/// commands, whatever page sends it. A page that can send one declares it besides (<see cref="RequiresAttribute.Fresh"/>), so that it asks
/// before anything is typed, and a test holds that none forgets to. The page of roles and permissions shows the list.
/// </summary>
public static class StepUp
{
    public static IReadOnlyList<StepUpRow> Rows { get; } =
    [
        new("Change an email address: your own, or that of a managed account",
            "Anyone who can read an address’s email can reset its password.",
            typeof(RequestEmailChange), typeof(ChangeEmail)),
        new("Reset someone’s password",
            "It changes how a person signs in.",
            typeof(ResetPasswords)),
        new("Set up or reset two-step verification",
            "A stranger’s phone could open the account, or no second step would be needed.",
            typeof(ConfirmTwoStep), typeof(ResetTwoStep)),
        new("Create or revoke an API token",
            "A token opens the account without a password, for up to a year.",
            typeof(CreateApiToken), typeof(RevokeApiToken)),
        new("Create, take over or revoke an API key, or confirm a program’s code for one",
            "A key acts for the whole organization.",
            typeof(CreateApiKey), typeof(TakeOverApiKey), typeof(RevokeApiKey), typeof(AnswerDeviceRequest)),
        new("Create, change or delete an authentication policy, its rules or its members",
            "A policy decides how strong a password must be, and whether a second step is needed.",
            typeof(CreatePolicy), typeof(ChangePolicy), typeof(DeletePolicy), typeof(AddPolicyRule), typeof(RemovePolicyRule),
            typeof(MoveToPolicy), typeof(MoveToPolicyByEmail)),
        new("Add or remove an admin of the organization, of a site or of an app",
            "An admin can do everything on this list and decide who else can.",
            typeof(AppointAdmin), typeof(RemoveAdmin), typeof(AppointSiteAdmin), typeof(DismissSiteAdmin)),
        new("Connect, change or remove an identity provider: single sign-on, provisioning, its tokens, and who is linked",
            "A provider decides who people are.",
            typeof(ProposeIdentityProvider), typeof(WithdrawProposedProvider), typeof(RemoveIdentityProvider),
            typeof(CreateIdentityDirectory), typeof(RenewProvisioningToken), typeof(RemoveIdentityDirectory), typeof(UnlinkPerson),
            typeof(AnswerIdentityQuestion), typeof(ChooseIdentityRule)),
        new("Create, pause or delete a webhook, or resend a delivery",
            "A webhook sends out everything that happens in the organization.",
            typeof(CreateWebhook), typeof(PauseWebhook), typeof(SendAgain), typeof(DeleteWebhook)),
        new("Unclaim accounts, change many at once, resume a job, or remove a domain",
            "It takes accounts out of the organization’s control.",
            typeof(UnclaimAccount), typeof(ConfirmBulk), typeof(ResumeJob), typeof(RemoveDomain)),
        new("Delete an account, a site or an organization",
            "Deleted items can be restored only for a short time, or not at all.",
            typeof(ScheduleDeletion), typeof(RemoveSite), typeof(DeleteOrganization)),
        new("Export people or the audit log, and download reviews and results",
            "A file takes names and addresses out of the product.",
            typeof(StreamExport), typeof(BeginExport), typeof(DownloadExport), typeof(ExportBulkReview),
            typeof(ExportJobResults), typeof(ExportBulkResults), typeof(ExportAuditLog), typeof(ExportSealedLog)),
    ];

    /// <summary>Those whose own form asks for the password, every time: they carry it, and are refused without.</summary>
    public static StepUpRow AsksItself { get; } = new(
        "Change your own password, turn off two-step verification, or replace the recovery codes",
        "The form itself asks for your password every time.",
        typeof(ChangePassword), typeof(TurnOffTwoStep), typeof(ReplaceRecoveryCodes));

    static readonly HashSet<Type> Listed = [.. Rows.SelectMany(r => r.Commands)];

    public static bool Guards(Type command) => Listed.Contains(command);
}
