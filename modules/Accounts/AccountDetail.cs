namespace DirectoryPlatform.Accounts;

/// <summary>The details of an account that its person or its admin edits one by one (SPEC M3). <see cref="Name"/> stands on the narrow row,
/// the others in the profile.</summary>
public enum AccountDetail { Name, PublicName, JobTitle, Department, Organization, Location, Phone, TimeZone, Language }

/// <param name="Column">Of the account for the name, of <c>accounts.profile</c> for all others.</param>
/// <param name="MaxLength">In characters as people count them. Where M3 gives none it is an own choice: as long as a name, shorter where
/// the thing itself is short.</param>
/// <param name="Compared">Whether policy rules go by it, so that <see cref="DetailKeys"/> are kept of it. Who somebody is, name and phone
/// number, is nothing that rules go by.</param>
/// <param name="Rule">What it asks beyond length and readable characters: the text in its one spelling, or why it cannot be taken. A value
/// with a rule is never shortened: half of it is another one.</param>
sealed record DetailDefinition(AccountDetail Detail, string Column, int MaxLength, bool Compared = false,
    Func<string, (string? Value, Refusal? Refusal)>? Rule = null);

/// <summary>What there is to know of each detail, and how details are named where machines read.</summary>
public static class AccountDetails
{
    internal static readonly IReadOnlyList<DetailDefinition> All =
    [
        new(AccountDetail.Name, "name", PlainText.LongestName),
        new(AccountDetail.PublicName, "public_name", 30), // M3
        new(AccountDetail.JobTitle, "job_title", 100, Compared: true),
        new(AccountDetail.Department, "department", 100, Compared: true),
        new(AccountDetail.Organization, "organization", 100, Compared: true),
        new(AccountDetail.Location, "location", 100, Compared: true),
        new(AccountDetail.Phone, "phone", 40, Rule: DetailRules.Phone), // E.164 has 15 digits; the rest is for spaces, brackets, extension
        new(AccountDetail.TimeZone, "time_zone", 64, Compared: true, DetailRules.TimeZone), // the longest tz name has 32
        new(AccountDetail.Language, "language", 35, Compared: true, DetailRules.Language), // RFC 5646, 4.4.1
    ];

    internal static DetailDefinition Of(AccountDetail detail) => All.First(d => d.Detail == detail);

    /// <summary>The field's name in the audit log, in a provider's list and in refusals: "jobTitle".</summary>
    public static string Field(this AccountDetail detail) => char.ToLowerInvariant(detail.ToString()[0]) + detail.ToString()[1..];
}
