namespace DirectoryPlatform.Web.Shared;

/// <summary>One line of the profile.</summary>
/// <param name="InPlace">Whether it has just come in the place of its form, so that the keyboard stays where it was.</param>
/// <param name="History">The history after the change, to be put in the place of the old one; null to leave it.</param>
public sealed record DetailRow(OfferedDetail Offered, string ProfilePath, bool InPlace = false, bool Saved = false,
    IReadOnlyList<HistoryLine>? History = null, bool ShowWhy = true)
{
    public DetailLabel Word => DetailLabel.Of(Offered.Detail);
    public string EditPath => $"{ProfilePath}/details/{Word.Slug}";
}

/// <summary>The rows of a profile (SPEC M3), wherever they stand.</summary>
public sealed record ProfileRows(ProfileView Profile, string ProfilePath)
{
    /// <summary>Why nothing at all can be edited, said once; null when something can, or each field has a reason of its own.</summary>
    public Refusal? ForAll => Profile.Details.Select(d => d.Refusal).Append(Profile.PictureRefusal).Distinct()
        .ToArray() is [{ } one and not OwnedByProvider] ? one : null;

    public IEnumerable<DetailRow> Of(bool first) =>
        DetailLabel.All.Where(w => w.First == first).Select(w => new DetailRow(Profile[w.Detail], ProfilePath, ShowWhy: ForAll is null));
}
