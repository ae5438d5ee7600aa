namespace DirectoryPlatform.Web.Words;

/// <summary>How a change of a membership is called in addresses and on pages (SPEC U4, U5).</summary>
/// <param name="Value">In forms and addresses.</param>
/// <param name="Done">"… is suspended", "12 users are suspended".</param>
public sealed record ChangeWords(MembershipChange Change, string Value, string Label, string Icon, string Done,
    IReadOnlyList<string> Consequences)
{
    public static readonly IReadOnlyList<ChangeWords> All =
        [.. Enum.GetValues<MembershipChange>().Select(c => (Change: c, Words: MembershipWords.Of(c)))
            .Select(c => new ChangeWords(c.Change, UserActions.Of(c.Change), c.Words.Label, c.Words.Icon, c.Words.Done,
                c.Words.Consequences))];

    public static ChangeWords? Parse(string? value) => All.FirstOrDefault(w => w.Value == value);
}
