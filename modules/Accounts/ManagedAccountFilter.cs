using System.Text.Json.Serialization;

namespace DirectoryPlatform.Accounts;

public enum LastActive { Never, Within7Days, Within30Days, Within90Days, LongerAgo }

/// <summary>How people are kept safe at sign-in (SPEC M1): by the organization's identity provider, else by two-step verification, else by
/// nothing but the password. Whoever has not verified the address is in none of these.</summary>
public enum SecureLogin { Any, SingleSignOn, TwoStep, None }

/// <summary>
/// Which of an organization's managed accounts are meant (SPEC M1): by the list, by an export, by "all that match" of a bulk job. Data
/// only, so that a job can keep it in its arguments; <see cref="AccountConditions"/> turns it into SQL: <see cref="Where"/> over columns of
/// the account's own row, other rooms over theirs.
/// </summary>
/// <param name="Search">Part of a name or an email address, as typed on any keyboard (SPEC N2).</param>
/// <param name="Domain">A-label form.</param>
/// <param name="AddedFrom">First day (UTC) on which the account may have been claimed.</param>
/// <param name="AddedTo">Last such day.</param>
/// <param name="Policy">Id of the authentication policy that holds for the account.</param>
/// <param name="Billable">Whether the account is: active, and under a billable policy (SPEC A17).</param>
/// <param name="TwoStep">Whether two-step verification is on.</param>
/// <param name="App">Id of an app that the person has a role in, on any site of the organization.</param>
/// <param name="OnSite">Whether the person is on any of the organization's sites.</param>
public sealed record ManagedAccountFilter(
    string? Search = null, AccountState? State = null, string? Domain = null, LastActive? LastActive = null, DateOnly? AddedFrom = null,
    DateOnly? AddedTo = null, bool? EmailVerified = null,
    Guid? Policy = null, bool? Billable = null, bool? TwoStep = null, string? App = null, bool? OnSite = null,
    SecureLogin? SecureLogin = null)
{
    public static readonly ManagedAccountFilter Everybody = new();

    /// <summary>In one of these states; null for no such limit.</summary>
    public IReadOnlyList<AccountState>? States { get; init; }

    /// <summary>As keys hold it; null for none.</summary>
    [JsonIgnore]
    public string? SearchText => SearchKey.Typed(Search);

    /// <summary>A condition over <c>accounts.account</c> or <c>accounts.v_listed</c> under the alias <c>a</c>, such as <c>a.managed_by = $1
    /// and a.state = $2</c>.</summary>
    /// <param name="now">What "last active within" counts from. A job passes the moment in which it was asked for, so that all its chunks
    /// mean the same accounts.</param>
    /// <param name="parameters">Of the command or batch command; the condition numbers its own
    /// after those that are there already (<c>$n</c>).</param>
    internal string Where(OrganizationId organization, DateTimeOffset now, NpgsqlParameterCollection parameters) =>
        $"a.managed_by = {parameters.Place(organization.Value)} and {Filters.Where((this, now), parameters)}";

    /// <summary>What the account's own row says. Filters over other rooms' tables are conditions of theirs
    /// (<see cref="IFilterAccounts"/>).</summary>
    internal static readonly IReadOnlyList<ListFilter<(ManagedAccountFilter By, DateTimeOffset Now)>> Filters =
    [
        new("status", (f, value) => f.By.State is { } state ? $"a.state = {value((short)state)}" : null),
        new("states", (f, value) => f.By.States is { } states ? $"a.state = any({value(states.Select(s => (short)s).ToArray())})" : null),
        new("domain", (f, value) => f.By.Domain is { } domain ? $"a.domain = {value(domain)}" : null),
        new("verified", (f, _) => f.By.EmailVerified switch { null => null, true => "a.email_verified", false => "not a.email_verified" }),
        new("from", (f, value) => f.By.AddedFrom is { } from ? $"a.claimed_at >= {value(Midnight(from))}" : null),
        new("to", (f, value) => f.By.AddedTo is { } to && to < DateOnly.MaxValue
            ? $"a.claimed_at < {value(Midnight(to.AddDays(1)))}"
            : null),
        new("active", (f, value) => f.By.LastActive is { } active ? Within(active, f.Now, value) : null),
        new("q", (f, value) =>
        {
            if (f.By.SearchText is not { } search) return null;
            var pattern = value(SearchKey.Pattern(search));
            return $"(a.name_key like {pattern} or a.email like {pattern})";
        }),
    ];

    /// <summary>Over a column <c>a.last_active_at</c> that is "-infinity" for never.</summary>
    public static string Within(LastActive active, DateTimeOffset now, Func<object, string> value)
    {
        return active switch
        {
            Accounts.LastActive.Never => "a.last_active_at = '-infinity'",
            Accounts.LastActive.Within7Days => $"a.last_active_at >= {Ago(7)}",
            Accounts.LastActive.Within30Days => $"a.last_active_at >= {Ago(30)}",
            Accounts.LastActive.Within90Days => $"a.last_active_at >= {Ago(90)}",
            Accounts.LastActive.LongerAgo => $"a.last_active_at > '-infinity' and a.last_active_at < {Ago(90)}",
        };

        string Ago(int days) => value(now.UtcDateTime.AddDays(-days));
    }

    static DateTime Midnight(DateOnly day) => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
}
