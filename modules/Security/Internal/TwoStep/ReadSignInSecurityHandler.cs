using DirectoryPlatform.Security.Internal.Tokens;
using ApiTokenRow = (System.Guid Id, string Label, System.DateTime CreatedAt, System.DateTime ExpiresAt, System.DateTime? LastUsedAt);
using DeviceRow = (System.Guid Id, string Device, string Kind, string? Address, System.DateTime CreatedAt, System.DateTime LastActiveAt);

namespace DirectoryPlatform.Security.Internal.TwoStep;

sealed class ReadSignInSecurityHandler(IMediator mediator, NpgsqlDataSource database, PolicyResolver policies, TimeProvider clock)
    : IRequestHandler<ReadSignInSecurity, Outcome<SignInSecurity>>, IRequestHandler<ReadCredentials, Outcome<Credentials>>
{
    public async Task<Outcome<SignInSecurity>> Handle(ReadSignInSecurity query, CancellationToken ct)
    {
        if (await mediator.Send(new FindPerson(null, query.Account), ct) is not { Account: var account } person
            || (query.Organization is { } by ? account.ManagedBy != by : query.Viewer != query.Account))
            return new NotFound("account");
        var refusal = query.Organization is { } organization
            ? TakingBack.Refused(account, organization, query.Viewer.Value, await Administered(query.Viewer, account, ct))
            : null;
        return (await Read(person, refusal, ct)).SignIn;
    }

    public async Task<Outcome<Credentials>> Handle(ReadCredentials query, CancellationToken ct) =>
        await mediator.Send(new FindPerson(null, query.Account), ct) is { } person && person.Account.ManagedBy == query.Organization
            ? await Read(person, TakingBack.Refused(person.Account, query.Organization, query.Viewer.Value, query.AdminOf), ct)
            : new NotFound("account");

    /// <param name="refusal">Why nothing may be taken back; null when it may.</param>
    async Task<Credentials> Read(Person person, Refusal? refusal, CancellationToken ct)
    {
        var (now, organization) = (clock.GetUtcNow(), person.Account.ManagedBy ?? default);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var all = await connection.QueryMultipleAsync($"""
            {PasswordStore.Sql};
            select (select on_since from security.two_step where account_id = @id),
              (select count(*)::int from security.recovery_code where account_id = @id);
            {DevicesHandlers.LiveSql};
            {ApiTokenHandlers.ShownSql};
            {PolicyReading.OfPersonSql}
            """, new
        {
            id = person.Account.Id.Value,
            organization = organization.Value,
            notBefore = PolicyReading.NotBefore(person.Account),
            now = now.UtcDateTime,
            shownSince = (now - ReadApiTokens.ShownExpired).UtcDateTime,
        });
        var password = PasswordStore.Read(await all.ReadAsync<PasswordStore.Row>());
        var (since, codes) = await all.ReadSingleAsync<(DateTime?, int)>();
        var devices = (await all.ReadAsync<DeviceRow>()).Select(DevicesHandlers.View).ToList();
        var tokens = (await all.ReadAsync<ApiTokenRow>()).Select(t => ApiTokenHandlers.View(t, now)).ToList();
        var read = await PolicyReading.ReadOfPerson(all, organization);
        await connection.CloseAsync();
        var policy = await policies.PolicyFor(person, read, ct);
        var rules = policy?.Settings.Rules ?? PolicyRules.WithoutPolicy;
        return new(
            new(password?.SetAt, password is { MustChange: true }, since, since is null ? 0 : codes, rules.TwoStepMandatory,
                refusal ?? (rules.SingleSignOn ? new SignsInAtProvider() : null), refusal ?? (since is null ? new TwoStepOff() : null))
            { SingleSignOn = rules.SingleSignOn },
            policy, devices, new(tokens, rules.ApiTokens ? null : new ApiTokensBlocked()));
    }

    /// <summary>What the viewer administers; looked for only where it matters.</summary>
    async Task<IReadOnlyList<OrganizationId>?> Administered(AccountId viewer, AccountView account, CancellationToken ct) =>
        account.AdminOf.Count > 0 && await mediator.Send(new ReadAccount(viewer), ct) is { Granted: true, Value: var person }
            ? person.AdminOf
            : null;
}

/// <summary>What an admin may take back from a managed account; asked before it is offered and again when it is done. In the order in which
/// an admin would check.</summary>
static class TakingBack
{
    /// <param name="asker">As in <see cref="AdminReach"/>.</param>
    public static Refusal? Refused(AccountView account, OrganizationId by, Guid? actor, IReadOnlyList<OrganizationId>? asker) =>
        account switch
        {
            _ when account.ManagedBy != by => new NotManagedHere(),
            _ when account.Id.Value == actor => new Yourself(),
            { State: AccountState.Deleted } => new AccountIsDeleted(),
            { State: AccountState.PendingDeletion } => new BeingDeleted(),
            { State: AccountState.Unverified } => new EmailUnverified(),
            { State: AccountState.Active or AccountState.Deactivated } => AdminReach.Refused(account.AdminOf, asker),
        };
}
