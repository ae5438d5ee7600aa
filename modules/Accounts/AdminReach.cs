namespace DirectoryPlatform.Accounts;

/// <summary>How an admin is reached and secured is no business of programs (SPEC S13).</summary>
public sealed record AdminOutOfReach() : Refusal("adminOutOfReach",
    "This person is an admin. Another admin can change the email address, "
        + "reset the password or reset two-step verification on the person's page; "
    + "API keys, identity providers and bulk actions cannot.");

/// <summary>Nor of admins who are none where this person is one (SPEC S13).</summary>
public sealed record AdminElsewhere() : Refusal("adminElsewhere",
    "This person is also an admin of another organization. Only someone who is an admin there too can change the email address, reset "
        + "the password or reset two-step verification.");

/// <summary>Who may touch how an admin is reached and secured (SPEC S13).
/// Decided from the target's own row, where the role stands: an admin is one of an organization, not of a site.</summary>
public static class AdminReach
{
    /// <param name="adminOf">The organizations that the target administers.</param>
    /// <param name="asker">The organizations that the person who asks administers;
    /// null for a program, a provider or a job, which reach no admin.</param>
    public static Refusal? Refused(IReadOnlyList<OrganizationId> adminOf, IReadOnlyList<OrganizationId>? asker) => adminOf.Count == 0 ? null
        : asker is null ? new AdminOutOfReach()
        : adminOf.All(asker.Contains) ? null : new AdminElsewhere();
}

/// <summary>
/// Whom a reset reaches is decided where the admin role stands, on the account's own row (SPEC S13). For the transaction of Security, which
/// holds the rows until its reset is written: whoever becomes an admin in the same moment becomes one before or after it.
/// </summary>
public static class AdminRows
{
    /// <param name="asker">As in <see cref="AdminReach"/>.</param>
    /// <returns>By account, why it is not reached; those that are reached are left out.</returns>
    public static async Task<IReadOnlyDictionary<Guid, Refusal>> Refused(NpgsqlConnection connection, IReadOnlyList<AccountView> accounts,
        IReadOnlyList<OrganizationId>? asker, CancellationToken ct)
    {
        var rows = await connection.QueryAsync<(Guid Id, Guid[] AdminOf)>(new(
            "select id, coalesce(admin_of, '{}') from accounts.account where id = any(@ids) order by id for share",
                new { ids = accounts.Select(a => a.Id.Value).ToArray() }, cancellationToken: ct));
        var refused = new Dictionary<Guid, Refusal>();
        foreach (var (id, adminOf) in rows)
            if (AdminReach.Refused([.. adminOf.Select(o => new OrganizationId(o))], asker) is { } refusal) refused[id] = refusal;
        return refused;
    }

    /// <summary>The same of one account, and whether the organization manages it still (SPEC A7): nobody is given up meanwhile either.
    /// </summary>
    /// <param name="asker">As in <see cref="AdminReach"/>.</param>
    public static async Task<Refusal?> Refused(NpgsqlConnection connection, AccountId account, OrganizationId by,
        IReadOnlyList<OrganizationId>? asker, CancellationToken ct)
    {
        var (managedBy, adminOf) = await connection.QuerySingleOrDefaultAsync<(Guid? ManagedBy, Guid[] AdminOf)>(new CommandDefinition(
            "select managed_by, coalesce(admin_of, '{}') from accounts.account where id = @id for share",
                new { id = account.Value }, cancellationToken: ct));
        return managedBy != by.Value
            ? new NotManagedHere()
            : AdminReach.Refused([.. adminOf.Select(o => new OrganizationId(o))], asker);
    }
}
