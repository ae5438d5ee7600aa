namespace DirectoryPlatform.Web.Words;

/// <summary>A standing in words (SPEC U10).</summary>
/// <param name="Reasons">All that counts, and whether it is on the side of who wants to get in.</param>
/// <param name="WhatIf">A change, and what the door would say then.</param>
public sealed record WhyWords(
    bool Enters, string Verdict, IReadOnlyList<(bool Opens, string Words)> Reasons, IReadOnlyList<(string What, string Then)> WhatIf)
{
    public static WhyWords Of(Standing standing, string name, string app)
    {
        var entry = standing.MayEnter();
        return new(entry.Granted,
            entry.Granted ? $"{name} can use {app}, as {Role(entry.Value)}." : $"{name} cannot use {app}: {About(standing)}.",
            [.. Counts(standing)], [.. Changes(standing).Select(c => (c.What, Then(standing, c.Then)))]);
    }

    static IEnumerable<(bool Opens, string Words)> Counts(Standing standing)
    {
        yield return (standing.State is AccountState.Active, standing.State switch
        {
            AccountState.Active => "The account is active.",
            AccountState.Unverified => "The email address of the account is not verified, so it cannot be used.",
            AccountState.Deactivated => "The account is deactivated: it cannot open anything on any site.",
            AccountState.PendingDeletion => "The account is scheduled for deletion: it cannot open anything on any site.",
            _ => "The account is deleted.",
        });
        yield return (standing.Status is UserStatus.Active, standing.Status switch
        {
            UserStatus.Active => "Active on this site.",
            UserStatus.Suspended => "Suspended on this site: roles and groups are kept, but cannot be used.",
            _ => "Not a user of this site.",
        });
        if (!standing.AppOnSite) yield return (false, "The app is not on this site.");
        yield return standing.Direct is { } direct ? (true, $"Has a direct role: {Role(direct)}.") : (false, "Has no direct role.");
        foreach (var group in standing.Groups)
            yield return (true, $"Is in the group {group.Name}, which gives the role {Role(group.Role)}.");
        if (standing.Groups.Count == 0) yield return (false, "Is not in a group that gives access to this app.");
    }

    static IEnumerable<(string What, Standing Then)> Changes(Standing standing)
    {
        if (standing.Status is UserStatus.Active) yield return ("were suspended on this site", standing.Suspended);
        if (standing.Status is UserStatus.Suspended)
            yield return ("were restored on this site", standing with { Status = UserStatus.Active });
        if (standing.State is AccountState.Active) yield return ("were deactivated", standing.Deactivated);
        if (standing.State is AccountState.Deactivated) yield return ("were reactivated", standing with { State = AccountState.Active });
        if (standing.Direct is not null) yield return ("lost their direct role", standing.WithoutRole);
        foreach (var group in standing.Groups) yield return ($"left the group {group.Name}", standing.Without(group.Group));
        if (standing is { Status: not null, Direct: null, Groups: [] })
            yield return ("were given the role user", standing with { Direct = AppRole.User });
        yield return ("were removed from the site", standing with { Status = null, Direct = null, Groups = [] });
    }

    static string Then(Standing now, Standing then)
    {
        var (before, after) = (now.MayEnter(), then.MayEnter());
        return (before.Granted, after.Granted) switch
        {
            (true, true) when before.Value == after.Value => $"No change: still has access, as {Role(after.Value)}.",
            (true, true) => $"Keeps access, as {Role(after.Value)} only.",
            (false, true) => $"Gets access, as {Role(after.Value)}.",
            (true, false) => $"Loses access: {About(then)}.",
            (false, false) => $"No change: no access, because {About(then)}.",
        };
    }

    /// <summary>Why not, about the person; the refusal's own sentence speaks to the person.</summary>
    static string About(Standing standing) => standing.MayEnter().Refusal switch
    {
        AccountCannotAct => "the account is not active",
        AppNotOnSite => "the app is not on this site",
        NotOnThisSite => "the person is not a user of this site",
        SuspendedOnThisSite => "the person is suspended on this site",
        _ => "no role or group gives access to the app",
    };

    static string Role(AppRole role) => role is AppRole.Admin ? "admin" : "user";
}
