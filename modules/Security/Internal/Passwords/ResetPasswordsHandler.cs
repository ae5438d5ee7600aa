namespace DirectoryPlatform.Security.Internal.Passwords;

sealed class ResetPasswordsHandler(NpgsqlDataSource database, IMediator mediator, PolicyResolver policies, SessionStore sessions,
    TellAdmins admins, ProductUrl address, MailQueue post, Admissions admissions, TimeProvider clock)
    : IRequestHandler<ResetPasswords, IReadOnlyList<Outcome<Done>>>
{
    public async Task<IReadOnlyList<Outcome<Done>>> Handle(ResetPasswords command, CancellationToken ct)
    {
        var (outcomes, granted) = (new Outcome<Done>[command.Accounts.Count], new List<AccountView>());
        for (var i = 0; i < outcomes.Length; i++)
        {
            var account = await mediator.Send(new ReadAccount(command.Accounts[i]), ct);
            var refusal = account.Granted ? TakingBack.Refused(account.Value, command.By, command.Origin.Actor, command.Asker)
                ?? ((await policies.Of(account.Value, ct)).SingleSignOn ? new SignsInAtProvider() : null) : new NotManagedHere();
            outcomes[i] = refusal is null ? Done.It : refusal;
            if (refusal is null) granted.Add(account.Value);
        }
        if (granted.Count == 0) return outcomes;
        var meanwhile = await Reset([.. granted.DistinctBy(a => a.Id)], command, ct);
        for (var i = 0; i < outcomes.Length; i++)
            if (outcomes[i].Granted && meanwhile.TryGetValue(command.Accounts[i].Value, out var refusal)) outcomes[i] = refusal;
        return outcomes;
    }

    /// <returns>Who became an admin meanwhile, and why nothing was done to them.</returns>
    async Task<IReadOnlyDictionary<Guid, Refusal>> Reset(IReadOnlyList<AccountView> accounts, ResetPasswords command, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var letters = await admins.Letters(accounts, "password", command.Origin, now, ct);
        IReadOnlyDictionary<Guid, Refusal> refused;
        await using (var connection = await database.OpenConnectionAsync(ct))
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            refused = await AdminRows.Refused(connection, accounts, command.Asker, ct);
            accounts = [.. accounts.Where(a => !refused.ContainsKey(a.Id.Value))];
            var ids = accounts.Select(a => a.Id.Value).ToArray();
            await connection.ExecuteAsync(new CommandDefinition(
                "update security.password set must_change = true where account_id = any(@ids)", new { ids }, cancellationToken: ct));
            var revoked = await WhatCanGetIn.TakeAlongWith(connection, ids, TakeAlong.LinksAndTokens, null, "password reset", now, ct);
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(Outbox.Insert([.. accounts.Select(a => (a.Id.Value, (Fact)new PasswordReplaced(a.Id, now, null)))],
                now));
            batch.BatchCommands.Add(AuditLog.Insert(
            [
                .. accounts.Select(a => new AuditEntry(Guid.CreateVersion7(now), now, command.By.Value, command.Origin, a.Id.Value,
                    SecurityActions.PasswordReset)),
                .. WhatCanGetIn.Entries(revoked, _ => command.By.Value, command.Origin, now),
            ]));
            batch.BatchCommands.Add(OutgoingMail.Insert(
            [
                .. accounts.Select(a => new OutgoingMail(a.Email, new PasswordMustChangeLetter(a.Name,
                    WhatCanGetIn.Quoted(revoked[a.Id.Value]), address.Link("/sign-in"), address.Link("/forgot-password")),
                    command.By.Value)),
                .. letters.Where(l => !refused.ContainsKey(l.Admin)).Select(l => l.Mail),
            ], now));
            await batch.ExecuteNonQueryAsync(ct);
            await admissions.Stand();
            await transaction.CommitAsync(ct);
        }
        await sessions.EndAll([.. accounts.Select(a => a.Id)], clock.GetUtcNow(), "password reset", ct);
        post.WakeSender();
        return refused;
    }
}

sealed class ResetTwoStepHandler(IMediator mediator, TwoStepStore store, TellAdmins admins) : IRequestHandler<ResetTwoStep, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(ResetTwoStep command, CancellationToken ct)
    {
        var account = await mediator.Send(new ReadAccount(command.Account), ct);
        if (!account.Granted) return new NotManagedHere();
        if (TakingBack.Refused(account.Value, command.By, command.Origin.Actor, command.Asker) is { } refusal) return refusal;
        return await store.Reset(account.Value, command.Asker, command.Origin,
            at => admins.Letters([account.Value], "two-step verification", command.Origin, at, ct), ct);
    }
}

/// <summary>Tells the other admins when a person has reset how one of them proves itself (SPEC S13); the one who did it, too, who may not
/// have been at the keyboard.</summary>
sealed class TellAdmins(IMediator mediator, ProductUrl address)
{
    /// <param name="what">"password", "two-step verification".</param>
    /// <returns>Nothing where no target is an admin.</returns>
    public async Task<IReadOnlyList<(Guid Admin, OutgoingMail Mail)>> Letters(
        IReadOnlyList<AccountView> targets, string what, Origin origin,
        DateTimeOffset at, CancellationToken ct)
    {
        var letters = new List<(Guid, OutgoingMail)>();
        if (targets.All(t => t.AdminOf.Count == 0)) return letters;
        var by = origin.Actor is { } actor && await mediator.Send(new ReadAccount(new(actor)), ct) is { Granted: true, Value: var asker }
            ? asker.Name
            : "An admin";
        foreach (var target in targets)
            foreach (var organization in target.AdminOf)
                foreach (var admin in await mediator.Send(new ReadAccounts(await mediator.Send(new WhoAdministers(organization), ct)), ct))
                    if (admin.Id != target.Id && admin.Email.Length > 0)
                        letters.Add(
                            (target.Id.Value,
                                new(admin.Email,
                                    new AdminCredentialResetLetter(admin.Name, target.Name, by, what,
                                        address.Link($"/o/{organization}/admins")), organization.Value,
                            DeterministicGuid.Of(target.Id, what, organization, admin.Id, at))));
        return letters;
    }
}
