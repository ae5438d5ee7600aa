namespace DirectoryPlatform.Web.Words;

/// <summary>What a job's counts say to an admin. The codes are the stable codes of facts and refusals.</summary>
static class OutcomeLabels
{
    public static string Of(string code) => code switch
    {
        "alreadyClaimed" => "Already managed by your organization",
        "managedElsewhere" => "Managed by another organization",
        "excluded" => "On the exclusion list",
        "notOnDomain" => "Not on this domain",
        "noAccount" => "No account with this email address",
        "domainNotOwned" => "Domain not verified any more",
        "notManagedHere" => "Not managed by your organization",
        "deletionIsDue" => "The 14 days have passed",
        "yourself" => "Your own account",
        "alreadyDeactivated" => "Deactivated before",
        "emailUnverified" => "Email address not verified",
        "hasNoAddress" => "Has no email address",
        "noPassword" => "No password yet",
        "apiTokensRevoked" => "API tokens revoked",
        "noApiTokens" => "No API token that works",
        "movedToPolicy" => "Moved to the policy",
        "inThisPolicy" => "In this policy before, or provisioned and the policy non-billable",
        "invited" => "Invited by mail",
        "addedAtOnce" => "In at once",
        "alreadyUserHere" => "User of the site before",
        "suspendedOnSite" => "Suspended on the site",
        "invitedAlready" => "Invited before",
        "deactivatedHere" => "Account deactivated",
        "beingDeletedHere" => "Account being deleted",
        "alreadySuspended" => "Suspended before",
        "suspendYourself" => "Your own account",
        "lastOrganizationAdmin" => "Last admin of an organization",
        _ => Spaced(code),
    };

    /// <summary>"notDeactivated" reads "Not deactivated": most codes say it themselves, and one added later is still readable.</summary>
    static string Spaced(string code)
    {
        var words = string.Concat(code.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString())).Trim();
        return words.Length == 0 ? code : char.ToUpperInvariant(words[0]) + words[1..];
    }
}
