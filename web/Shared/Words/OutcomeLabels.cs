namespace DirectoryPlatform.Web.Words;

/// <summary>What counts say to an admin, of one and of many: a job's, and those of the review before it. The codes are the stable codes of
/// facts and refusals.</summary>
static class OutcomeLabels
{
    public static string Of(string code) => code switch
    {
        "alreadyClaimed" => "Already managed by your organization",
        "managedElsewhere" => "Managed by another organization",
        "excluded" => "On the exclusion list",
        "notOnDomain" => "Not on this domain",
        "noAccount" => "No account with this email address",
        "domainNotOwned" => "Domain no longer verified",
        "notManagedHere" => "Not managed by your organization",
        "deletionIsDue" => "The 14 days have passed",
        "yourself" => "Your own account",
        "adminOutOfReach" => "Admin: possible only on the person’s page",
        "beingDeleted" or "beingDeletedHere" => "Scheduled for deletion",
        "notBeingDeleted" => "Not scheduled for deletion",
        "emailUnverified" or "notVerifiedYet" => "Email address not verified",
        "alreadyDeactivated" => "Already deactivated",
        "deactivatedSince" => "Deactivated again since",
        "hasNoAddress" => "Has no email address",
        "noPassword" => "No password yet",
        "apiTokensRevoked" => "API tokens revoked",
        "loggedOut" => "Signed out",
        "noApiTokens" => "No active API tokens",
        "movedToPolicy" => "Moved to policy",
        "inThisPolicy" => "Already in this policy, or provisioned and the policy is non-billable",
        "invited" => "Invited by email",
        "addedAtOnce" => "Added at once",
        "alreadyUserHere" => "Already a user of the site",
        "suspendedOnSite" => "Suspended on the site",
        "invitedAlready" => "Already invited",
        "deactivatedHere" => "Account deactivated",
        "alreadySuspended" => "Already suspended",
        "suspendedSince" => "Suspended again since",
        "suspendYourself" => "Your own account",
        "lastOrganizationAdmin" => "Last admin of an organization",
        _ => Spaced(code),
    };

    /// <summary>In which list those are to whom it was done.</summary>
    public static IReadOnlyList<(string Code, string Text, string Status)> Filters { get; } =
    [
        ("deactivated", "Deactivated accounts", "deactivated"), ("deletionScheduled", "Accounts pending deletion", "pending-deletion"),
        ("reactivated", "Active accounts", "active"), ("deletionCancelled", "Active accounts", "active"),
    ];

    /// <summary>"notDeactivated" reads "Not deactivated": most codes say it themselves, and one added later is still readable.</summary>
    static string Spaced(string code)
    {
        var words = string.Concat(code.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString())).Trim();
        return words.Length == 0 ? code : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
