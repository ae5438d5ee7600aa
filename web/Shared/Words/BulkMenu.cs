namespace DirectoryPlatform.Web.Words;

/// <summary>The actions that the list of managed accounts offers: all that are registered for it, in that order and with their own words.
/// </summary>
public sealed class BulkMenu(IEnumerable<BulkAccountAction> actions)
{
    public IReadOnlyList<(string Value, string Label)> Offered { get; } =
        [.. actions.Where(a => a.InMenu).Select(a => (a.Name, a.Words.Label))];

    /// <summary>Above the policies.</summary>
    public string MoveToPolicy { get; } = actions.Single(a => a.Name == ManyAccounts.MoveToPolicy).Words.Label;

    /// <summary>What a menu sends: "deactivate", or "policy:" and the id of one.</summary>
    /// <returns>Null for nothing that is offered.</returns>
    public (string Action, string? Target)? Parse(string? value) =>
        value?.Split(':') is [ManyAccounts.MoveToPolicy, var policy] ? (ManyAccounts.MoveToPolicy, policy)
            : Offered.Any(o => o.Value == value) ? (value!, null) : null;
}

/// <summary>How a change of a membership is called in addresses and on pages (SPEC U4, U5).</summary>
/// <param name="Value">In forms and addresses.</param>
/// <param name="Done">"… is suspended", "12 users are suspended".</param>
public sealed record ChangeWords(MembershipChange Change, string Value, string Label, string Icon, string Done)
{
    public static readonly IReadOnlyList<ChangeWords> All =
        [.. Enum.GetValues<MembershipChange>().Select(c => (Change: c, Words: MembershipWords.Of(c)))
            .Select(c => new ChangeWords(c.Change, UserActions.Of(c.Change), c.Words.Label, c.Words.Icon, c.Words.Done))];

    public static ChangeWords? Parse(string? value) => All.FirstOrDefault(w => w.Value == value);
}
