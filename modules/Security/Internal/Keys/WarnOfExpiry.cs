namespace DirectoryPlatform.Security.Internal.Keys;

/// <summary>
/// Mails an admin once before the own API key expires (SPEC P1), as <see cref="ApiKeyView.ExpiresSoon"/> says. Whoever is no admin any
/// more hears nothing: the key has stopped, and the page says so.
/// </summary>
sealed class WarnOfExpiry(UnitOfWork work, IMediator mediator, ProductUrl address) : IRecurring
{
    /// <summary>Keys warned of in one statement; the rest follow in the next run.</summary>
    const int AtOnce = 500;

    public string Name => "warn of expiring API keys";
    public TimeSpan Every => TimeSpan.FromMinutes(15);

    public Task Run(CancellationToken ct) => work.Run(Origin.Schedule, async change =>
    {
        change.Quiet("the key is what it was; a mail tells of its end");
        // Mails and mark are one transaction: nobody is told twice, and nobody is left out by a process that dies.
        var due = await change.Rows<(Guid Id, Guid Organization, Guid Account, string Name, DateTime Expires)>("""
            update security.api_key set warned_at = @now where id in (
              select id from security.api_key where warned_at is null and revoked_at is null and expires_at > @now
                and expires_at - @now <= least(@Warned, (expires_at - created_at) / 4)
                and expires_at <= @latest order by expires_at limit @AtOnce for update skip locked)
            returning id, organization_id, account_id, name, expires_at
            """, new { now = change.Now.UtcDateTime, ApiKeyView.Warned, latest = (change.Now + ApiKeyView.Warned).UtcDateTime, AtOnce });
        if (due.Count == 0) return;
        var admins = (await mediator.Send(new ReadAccounts([.. due.Select(k => new AccountId(k.Account)).Distinct()]), ct))
            .Where(a => a.State is AccountState.Active).ToDictionary(a => a.Id.Value);
        foreach (var key in due)
            if (admins.TryGetValue(key.Account, out var admin) && admin.AdminOf.Contains(new OrganizationId(key.Organization)))
                change.QueueMail(new(admin.Email, new ApiKeyExpiresLetter(admin.Name, key.Name, ((DateTimeOffset)key.Expires).InLetters(),
                    address.Link($"/o/{key.Organization}/api-keys")), key.Organization));
    }, ct);
}
