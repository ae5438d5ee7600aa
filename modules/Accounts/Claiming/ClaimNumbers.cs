using Dapper;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using Npgsql;

namespace DirectoryPlatform.Accounts.Claiming;

/// <summary>
/// The preview's numbers (SPEC C8). Accounts are counted in groups that differ in nothing that <see cref="Account.Claim"/> and
/// <see cref="Account.Unclaim"/> look at, and one account of each group is put through it: the same code and the same numbers as the run,
/// at the price of a count.
/// </summary>
sealed class ClaimNumbers(NpgsqlDataSource database, TimeProvider clock)
{
    public async Task<IReadOnlyList<(Outcome<AccountFact> Outcome, long Accounts)>> Of(ClaimDraft draft, CancellationToken ct)
    {
        var by = new OrganizationId(draft.OrganizationId);
        const string groups = """
            select state, managed_by is null as free, coalesce(managed_by = @by, false) as ours,
              coalesce(excluded_by @> array[@by], false) as excluded, state = 0 and signed_up as waiting, count(*)
            from accounts.account
            """;
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(short State, bool Free, bool Ours, bool Excluded, bool Waiting, long Accounts)>(
            draft.FromFile
                ? $"{groups} where id in (select account_id from accounts.claim_draft_account where draft_id = @draft) "
                    + "and domain = @domain group by 1, 2, 3, 4, 5"
                : $"{groups} where domain = @domain group by 1, 2, 3, 4, 5",
            new { by = by.Value, draft = draft.Id, domain = draft.Domain });
        return [.. rows.Select(r => (
            draft.Decide(Representative(r.State, r.Free, r.Ours, r.Excluded, r.Waiting, by, draft.Domain), clock.GetUtcNow()),
            r.Accounts))];
    }

    static Account Representative(short state, bool free, bool ours, bool excluded, bool waiting, OrganizationId by, string domain) => new(
        default, 1, EmailAddress.Trusted($"x@{domain}"), "", (AccountState)state, true,
        free ? null : ours ? by : default(OrganizationId), null, default, null, null, null,
        [], [], excluded ? [by] : [])
    {
        SignedUp = waiting,
    };
}
