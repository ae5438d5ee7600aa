namespace DirectoryPlatform.Accounts;

/// <summary>
/// What a room above this one adds to "which accounts are meant", over its own tables: its condition stands in the same query, because only
/// so is a page found among a million accounts without a list of ids.
/// </summary>
public interface IFilterAccounts
{
    /// <param name="value">Takes a value and gives its place in the text, such as <c>$3</c>.</param>
    /// <returns>A condition over the account under the alias <c>a</c>; null when the filter asks nothing of this room.</returns>
    Task<string?> Condition(OrganizationId organization, ManagedAccountFilter filter, Func<object, string> value, CancellationToken ct);
}

/// <summary>The whole condition of a filter.</summary>
public sealed class AccountConditions(IEnumerable<IFilterAccounts> others)
{
    /// <summary>Such as <c>a.managed_by = $1 and a.state = $2</c>, over <c>accounts.account</c> or
    /// <c>accounts.v_listed</c> under the alias <c>a</c>.</summary>
    /// <param name="now">What "last active within" counts from. A job passes the moment in which it was asked for, so that all its chunks
    /// mean the same accounts.</param>
    /// <param name="parameters">Of the command or batch command; the condition numbers its own after those that are there already.</param>
    public async Task<string> Where(ManagedAccountFilter filter, OrganizationId organization, DateTimeOffset now,
        NpgsqlParameterCollection parameters, CancellationToken ct)
    {
        List<string> all = [filter.Where(organization, now, parameters)];
        foreach (var other in others)
            if (await other.Condition(organization, filter, parameters.Place, ct) is { } condition) all.Add(condition);
        return string.Join(" and ", all);
    }
}

/// <summary>Conditions over what this room knows, for rooms that sort accounts by it;
/// all over the account under the alias <c>a</c>.</summary>
public static class AccountSql
{
    /// <param name="value">Place of a domain in A-label form.</param>
    public static string OnDomain(string value) => $"a.domain = {value}";

    /// <summary>In any letter case and width.</summary>
    /// <param name="key">Place of what <see cref="DetailKeys"/> say of the text.</param>
    public static string Has(string key) =>
        $"exists (select from accounts.v_profile x where x.account_id = a.id and x.detail_keys @> array[{key}])";

    /// <summary>An identity provider owns something of the account (SPEC A11).</summary>
    public const string Provisioned =
        "exists (select from accounts.v_profile x where x.account_id = a.id and x.provisioned_by is not null)";

    /// <summary>Whoever signed up and has not shown that the address is theirs (SPEC C4): in no policy, role or group.</summary>
    public const string Unverified = "exists (select from accounts.v_account u where u.id = a.id and u.state = 0)";

    /// <summary>A statement of its own: those of <c>@ids</c> that <c>@by</c> manages still. They are held to the end of the transaction, so
    /// that nobody is given up while the work is done; accounts before what is theirs, as everywhere.</summary>
    public const string StillManaged =
        "select id from accounts.account where id = any(@ids) and managed_by = @by order by id for share";

    /// <summary>Whether there is any such account.</summary>
    /// <param name="organization">Place of the managing organization.</param>
    public static string AnyProvisioned(string organization) =>
        $"exists (select from accounts.v_profile x join accounts.v_listed a on a.id = x.account_id where x.provisioned_by is not null "
        + $"and a.managed_by = {organization})";
}
