using static DirectoryPlatform.Accounts.Internal.Storage.AccountStore;

namespace DirectoryPlatform.Accounts.Internal.Storage;

/// <summary>
/// Writes what <see cref="Account.After"/> gave to thousands of accounts in one statement. Few states are distinct among them, so each is
/// sent once and every account says which one is its own. SQL decides nothing here.
/// </summary>
static class AccountStates
{
    /// <summary>The columns that a claiming or a lifecycle change can alter, as they travel.</summary>
    readonly record struct StateRow(AccountState Of, bool Verified, Guid? ManagedBy, DateTimeOffset? ClaimedAt, DateTimeOffset? Due,
        string? Reason, string? Message, string? Excluded, Guid? Deleter);

    static StateRow Written(Account a) => new(a.State, a.EmailVerified, a.ManagedBy?.Value, a.ClaimedAt, a.DeletionDueAt,
        a.DeactivationReason, a.DeactivationMessage, Literal(a.ExcludedBy), a.DeletionBy?.Value);

    /// <exception cref="InvalidOperationException">A fact changed more than these columns, such as the address: that is for
    /// <see cref="AccountStore.Save"/>.</exception>
    public static NpgsqlBatchCommand Save(IReadOnlyList<GrainChange<Account>> changes)
    {
        var (numbers, states) = (new Dictionary<StateRow, int>(), new List<StateRow>());
        var which = new int[changes.Count];
        for (var i = 0; i < which.Length; i++)
        {
            var (before, after) = (changes[i].Before!, changes[i].After);
            if (!IsOnlyState(before, after)) throw new InvalidOperationException($"More than the state of {after.Id} has changed");
            var state = Written(after);
            if (!numbers.TryGetValue(state, out which[i]))
            {
                states.Add(state);
                numbers.Add(state, which[i] = states.Count);
            }
        }
        return new("""
            with saved as (
              update accounts.account a set version = a.version + 1, state = s.state, email_verified = s.verified,
                managed_by = s.managed_by, claimed_at = s.claimed_at, deletion_due_at = s.due, deactivation_reason = s.reason,
                deactivation_message = s.message, excluded_by = s.excluded::uuid[], deletion_by = s.deleter
              from unnest($1::uuid[], $2::bigint[], $3::int[]) as n(id, version, which)
                join unnest($4::smallint[], $5::boolean[], $6::uuid[], $7::timestamptz[], $8::timestamptz[], $9::text[], $10::text[],
                  $11::text[], $12::uuid[])
                  with ordinality as s(state, verified, managed_by, claimed_at, due, reason, message, excluded, deleter, no)
                  on s.no = n.which
              where a.id = n.id and a.version = n.version returning 1)
            select kernel.expect(cardinality($1::uuid[]), count(*)) from saved
            """)
        {
            Parameters =
            {
                Column(changes, c => c.After.Id.Value), Column(changes, c => c.Before!.Version),
                new NpgsqlParameter<int[]> { TypedValue = which },
                Column(states, s => (short)s.Of), Column(states, s => s.Verified), Column(states, s => s.ManagedBy),
                Times(states, s => s.ClaimedAt), Times(states, s => s.Due),
                Column(states, s => s.Reason), Column(states, s => s.Message), Column(states, s => s.Excluded),
                Column(states, s => s.Deleter),
            },
        };
    }

    static bool IsOnlyState(Account before, Account after) => before == after with
    {
        Version = before.Version,
        State = before.State,
        EmailVerified = before.EmailVerified,
        ManagedBy = before.ManagedBy,
        ClaimedAt = before.ClaimedAt,
        DeletionDueAt = before.DeletionDueAt,
        DeactivationReason = before.DeactivationReason,
        DeactivationMessage = before.DeactivationMessage,
        ExcludedBy = before.ExcludedBy,
        DeletionBy = before.DeletionBy,
    };
}
