namespace DirectoryPlatform.Web.Shared;

/// <summary>One line of the profile.</summary>
/// <param name="InPlace">Whether it has just come in the place of its form, so that the keyboard stays where it was.</param>
/// <param name="History">The history after the change, to be put in the place of the old one; null to leave it.</param>
public sealed record DetailRow(OfferedDetail Offered, string ProfilePath, bool InPlace = false, bool Saved = false,
    HistoryView? History = null, bool ShowWhy = true)
{
    public DetailLabel Word => DetailLabel.Of(Offered.Detail);
    public string EditPath => $"{ProfilePath}/details/{Word.Slug}";
}

/// <summary>What happened to a person, as the profile tells it.</summary>
/// <param name="Home">As <see cref="AuditSentence.Of"/> takes it.</param>
/// <param name="OutOfBand">Whether it comes in the place of the one that stands in the page.</param>
public sealed record HistoryView(IReadOnlyList<AuditEvent> Lines, string? Home, Guid Person, bool OutOfBand = false);

/// <summary>The rows of a profile (SPEC M3), wherever they stand.</summary>
public sealed record ProfileRows(ProfileView Profile, string ProfilePath)
{
    /// <summary>Why nothing at all can be edited, said once; null when something can, or each field has a reason of its own.</summary>
    public Refusal? ForAll => Profile.Details.Select(d => d.Refusal).Append(Profile.PictureRefusal).Distinct()
        .ToArray() is [{ } one and not OwnedByProvider] ? one : null;

    public IEnumerable<DetailRow> Of(bool first) =>
        DetailLabel.All.Where(w => w.First == first).Select(w => new DetailRow(Profile[w.Detail], ProfilePath, ShowWhy: ForAll is null));
}

/// <summary>What a detail of the profile is called, in words and in addresses.</summary>
/// <param name="Slug">In paths and element ids: "job-title".</param>
/// <param name="First">Whether it stands in the block that is always open (SPEC M3).</param>
public sealed record DetailLabel(AccountDetail Detail, string Slug, string Label, bool First, string? Hint = null)
{
    public static readonly IReadOnlyList<DetailLabel> All =
    [
        new(AccountDetail.Name, "name", "Name", true),
        new(AccountDetail.PublicName, "public-name", "Public name", true,
            "The name colleagues see. If empty, the full name is used."),
        new(AccountDetail.JobTitle, "job-title", "Job title", true),
        new(AccountDetail.Department, "department", "Department", true),
        new(AccountDetail.Organization, "organization", "Organization", false),
        new(AccountDetail.Location, "location", "Location", false),
        new(AccountDetail.Phone, "phone", "Phone", false, "Such as +49 30 1234567."),
        new(AccountDetail.TimeZone, "time-zone", "Time zone", false,
            "A name such as Europe/Berlin; matching names are offered as you type."),
        new(AccountDetail.Language, "language", "Language", false, "A language tag such as en, de-AT or zh-Hant."),
    ];

    public static DetailLabel Of(AccountDetail detail) => All.First(w => w.Detail == detail);

    public static DetailLabel? Find(string slug) => All.FirstOrDefault(w => w.Slug == slug);

    /// <summary>By the field's name in the audit log; null for what is no detail.</summary>
    public static DetailLabel? OfField(string field) => All.FirstOrDefault(w => w.Detail.Field() == field);
}
