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
            "Whoever reads the mail of an address can reset its password.",
            typeof(RequestEmailChange), typeof(ChangeEmail)),
        new("Reset somebody’s password",
            "It changes how a person signs in.",
            typeof(ResetPasswords)),
        new("Set up or reset two-step verification",
            "A stranger’s phone would open the account, or none would be needed.",
            typeof(ConfirmTwoStep), typeof(ResetTwoStep)),
        new("Create or revoke an API token",
            "A token opens the account without a password, for up to a year.",
            typeof(CreateApiToken), typeof(RevokeApiToken)),
        new("Create, take over or revoke an API key",
            "A key acts for the whole organization.",
            typeof(CreateApiKey), typeof(TakeOverApiKey), typeof(RevokeApiKey)),
        new("Create, change or delete an authentication policy, its rules, and who is under it",
            "A policy decides how strong a password must be, and whether a second step is needed.",
            typeof(CreatePolicy), typeof(ChangePolicy), typeof(DeletePolicy), typeof(AddPolicyRule), typeof(RemovePolicyRule),
            typeof(MoveToPolicy), typeof(MoveToPolicyByEmail)),
        new("Appoint or remove an admin of the organization, of a site or of an app",
            "An admin can do what is on this list, and decide who else can.",
            typeof(AppointAdmin), typeof(RemoveAdmin), typeof(AppointSiteAdmin), typeof(DismissSiteAdmin)),
        new("Connect, change or remove an identity provider: single sign-on, directories, their tokens, and who is linked",
            "A provider says who people are.",
            typeof(ProposeIdentityProvider), typeof(WithdrawProposedProvider), typeof(RemoveIdentityProvider),
            typeof(CreateIdentityDirectory), typeof(RenewProvisioningToken), typeof(RemoveIdentityDirectory), typeof(UnlinkPerson),
            typeof(AnswerIdentityQuestion), typeof(ChooseIdentityRule)),
        new("Create, pause or delete a webhook, or send something again",
            "A webhook carries off what happens in the organization.",
            typeof(CreateWebhook), typeof(PauseWebhook), typeof(SendAgain), typeof(DeleteWebhook)),
        new("Unclaim accounts, change many at once, or remove a domain",
            "It takes accounts out of the organization’s hands.",
            typeof(UnclaimAccount), typeof(ConfirmBulk), typeof(RemoveDomain)),
        new("Delete an account, a site or an organization",
            "What is deleted comes back for a short time only, or not at all.",
            typeof(ScheduleDeletion), typeof(RemoveSite), typeof(DeleteOrganization)),
        new("Export people or the audit log, and download reviews and results",
            "A file carries names and addresses off.",
            typeof(StreamExport), typeof(BeginExport), typeof(DownloadExport), typeof(ExportBulkReview),
            typeof(ExportJobResults), typeof(ExportBulkResults), typeof(ExportAuditLog), typeof(ExportSealedLog)),
    ];

    /// <summary>Those whose own form asks for the password, every time: they carry it, and are refused without.</summary>
    public static StepUpRow AsksItself { get; } = new(
        "Change your own password, turn two-step verification off, or replace the recovery codes",
        "The form itself asks for the password, every time.",
        typeof(ChangePassword), typeof(TurnOffTwoStep), typeof(ReplaceRecoveryCodes));

    static readonly HashSet<Type> Listed = [.. Rows.SelectMany(r => r.Commands)];

    public static bool Guards(Type command) => Listed.Contains(command);
}
