namespace DirectoryPlatform.Security.Internal.Passwords;

/// <summary>Somebody chooses a password for the own account: by changing it, by the link of a mail,
/// or because the sign-in asks for it.</summary>
/// <param name="Present">As it was read; null when the account has none yet. Another one by then, and nothing is written.</param>
/// <param name="Action">What the history calls it.</param>
/// <param name="Keep">The session that stays.</param>
/// <param name="Link">Hash of the token of the link that is used up by this; null for none.</param>
/// <param name="How">What goes with the last password.</param>
sealed record PasswordChosen(AccountView Account, PasswordRow? Present, string? Typed, string Action, Origin Origin, TakeAlong How,
    Guid? Keep = null, byte[]? Link = null);

/// <summary>The one way to another password (SPEC S1): strength, policy, reuse;
/// then hash, what goes along (A14), history, fact and mail in one transaction.</summary>
sealed class PasswordChoice(
    UnitOfWork work, PasswordStore passwords, PasswordHashing hashing, PolicyResolver policies, SessionStore sessions,
    ProductUrl address, TimeProvider clock)
{
    /// <summary>Each costs a hash to compare with: a policy may ask for as many as this (own choice).</summary>
    public const int MostKept = 24;

    public async Task<Outcome<PasswordRow>> Make(PasswordChosen chosen, CancellationToken ct)
    {
        var rules = await policies.Account(chosen.Account.Id, ct);
        if (rules.SingleSignOn) return new SignsInAtProvider();
        if (PasswordMeter.Measure(chosen.Typed, [chosen.Account.Email, chosen.Account.Name], rules).Refusal is { } refusal) return refusal;
        // A session or the right password was shown, unless a link is all there is.
        var entered = hashing.Enter(chosen.Link is null ? HashLane.Known : HashLane.Link);
        if (!entered.Granted) return entered.Refusal;
        using var seat = entered.Value;
        if (await WasUsed(chosen, rules, seat, ct) is { } used) return used;
        var hash = await hashing.Hash(chosen.Typed!, seat, ct);
        var written = await work.Run<Done>(chosen.Origin with { Actor = chosen.Account.Id.Value }, async change =>
        {
            try { await change.Run(Written(chosen, hash, Math.Clamp(rules.PasswordReuse - 1, 0, MostKept), change.Now), ct); }
            // Another change, of the address as well, or another use of the same link, was faster.
            catch (PostgresException lost) when (lost.SqlState is "DP001" or PostgresErrorCodes.UniqueViolation)
            {
                return chosen.Link is null ? new ChangedMeanwhile() : new LinkVoid();
            }
            WriteAudit(change, chosen, await WhatCanGetIn.TakeAlongWith(change.Connection, [chosen.Account.Id.Value], chosen.How,
                chosen.Keep, "password changed", change.Now, ct));
            return Done.It;
        }, ct);
        if (!written.Granted) return written.Refusal;
        // By the clock after the commit: whoever got in by the old password until then leaves, too.
        await sessions.EndAll([chosen.Account.Id], clock.GetUtcNow(), "password changed", ct, chosen.Keep);
        return (await passwords.Of(chosen.Account.Id, ct))!;
    }

    async Task<Refusal?> WasUsed(PasswordChosen chosen, PolicyRules rules, HashSeat seat, CancellationToken ct)
    {
        if (chosen.Present is null) return null;
        if (await hashing.IsRight(chosen.Present.Hash, chosen.Typed!, seat, ct))
            return new InvalidValue("password", "This is already your password. Choose another one.");
        foreach (var hash in await passwords.Before(chosen.Account.Id, Math.Clamp(rules.PasswordReuse - 1, 0, MostKept), ct))
            if (await hashing.IsRight(hash, chosen.Typed!, seat, ct))
                return new InvalidValue("password",
                    $"You have used this password before. Choose one that differs from your last {rules.PasswordReuse}.");
        return null;
    }

    static IEnumerable<NpgsqlBatchCommand> Written(PasswordChosen chosen, string hash, int kept, DateTimeOffset now)
    {
        var id = chosen.Account.Id.Value;
        if (chosen.Link is { } link)
        {
            // The link was looked up before the hash: whoever reads the mailbox that the account has left since chooses no password (SPEC
            // A16), and the fact that voids the link is heard later.
            yield return StillTheSame.AtItsAddress(chosen.Account);
            // The password's row before its links, as every reset locks them.
            yield return PasswordStore.Lock(id);
            // Two who follow one link wait for each other here; the second finds it used.
            yield return Statement.Of(
                "with used as (update security.password_reset set used_at = $2 where token_hash = $1 and used_at is null and expires_at > "
                + "$2 returning 1) select kernel.expect(1, (select count(*) from used))", link, now.UtcDateTime);
        }
        if (chosen.Present is { } present)
        {
            // By its stamp, too: an admin's reset leaves the hash as it is, and whoever showed the password before it must not choose the
            // one after it.
            yield return Statement.Of("""
                with saved as (update security.password set hash = $2, set_at = $3, must_change = false where account_id = $1 and hash = $4
                  and stamp = $5 returning 1)
                select kernel.expect(1, (select count(*) from saved))
                """, id, hash, now.UtcDateTime, present.Hash, present.Stamp);
            yield return Statement.Of("insert into security.password_before (account_id, replaced_at, hash) values ($1, $2, $3)", id,
                now.UtcDateTime, present.Hash);
        }
        else
        {
            yield return Statement.Of("insert into security.password (account_id, hash, set_at) values ($1, $2, $3)", id, hash,
                now.UtcDateTime);
        }
        yield return Statement.Of("""
            delete from security.password_before where account_id = $1 and replaced_at not in (select replaced_at
              from security.password_before where account_id = $1 order by replaced_at desc limit $2)
            """, id, kept);
        // Whoever had the link has shown the mailbox.
        if (chosen.Link is not null) yield return Throttle.BeginAnew(chosen.Account.Email);
    }

    void WriteAudit(Change change, PasswordChosen chosen, ILookup<Guid, string> revoked)
    {
        var (account, id) = (chosen.Account, chosen.Account.Id.Value);
        change.Publish(id, new PasswordReplaced(account.Id, change.Now, chosen.Keep));
        change.WriteAudit(account.ManagedBy, id, chosen.Action);
        change.WriteAudit(WhatCanGetIn.Entries(revoked, _ => account.ManagedBy?.Value, change.Origin, change.Now));
        change.QueueMail(new(account.Email, new PasswordChangedLetter(account.Name, change.Now.InLetters(),
            WhatCanGetIn.Quoted(revoked[id]), address.Link("/forgot-password")), account.ManagedBy?.Value));
    }
}
