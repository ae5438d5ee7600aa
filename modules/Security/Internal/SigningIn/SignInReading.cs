using DirectoryPlatform.Security.Internal.Devices;

namespace DirectoryPlatform.Security.Internal.SigningIn;

/// <summary>What somebody who signs in is, read once for the whole sign-in.</summary>
/// <param name="IsKnown">Whether the account has seen the network before, see <see cref="KnownNetworks"/>.</param>
/// <param name="IsNewDevice">Whether it has seen others, and never this one.</param>
sealed record SignInPerson(Person Person, PasswordRow? Password, bool TwoStepOn, bool IsKnown, bool IsNewDevice, PolicyRules Rules)
{
    public AccountView Account => Person.Account;

    /// <summary>By what the account is signed in already, for the turn that begins a session more; null for one that never was.</summary>
    public HeldCredentials? Credentials { get; init; }
}

/// <summary>All that a sign-in looks at in this room's tables, in one round trip.</summary>
sealed class SignInReading(NpgsqlDataSource database, PolicyResolver policies, TimeProvider clock)
{
    /// <param name="person">Null for nobody: the same work is done.</param>
    public async Task<SignInPerson?> Of(Person? person, string device, Origin origin, CancellationToken ct)
    {
        var (account, mobile) = (person?.Account, origin.Means == SessionKind.Mobile);
        var organization = account?.ManagedBy ?? default;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var all = await connection.QueryMultipleAsync($"""
            {PasswordStore.Sql};
            select exists (select from security.two_step where account_id = @id and on_since is not null);
            {KnownNetworks.Sql};
            {SessionStore.DevicesSql};
            {CredentialsStore.OfOneSql};
            {PolicyReading.OfPersonSql}
            """, new
        {
            id = account?.Id.Value ?? default,
            organization = organization.Value,
            notBefore = PolicyReading.NotBefore(account),
            since = (clock.GetUtcNow() - KnownNetworks.Lasts).UtcDateTime,
            device = SessionStore.NameOf(device, mobile),
            agent = DeviceName.Agent(device),
            kind = mobile ? SessionKind.Mobile : SessionKind.Browser,
        });
        var password = PasswordStore.Read(await all.ReadAsync<PasswordStore.Row>());
        var twoStepOn = await all.ReadSingleAsync<bool>();
        var isKnown = KnownNetworks.Contain(await all.ReadAsync<string>(), origin.Address);
        var (any, known) = await all.ReadSingleAsync<(bool, bool)>();
        var credentials = CredentialsStore.Read(await all.ReadAsync<CredentialsStore.Row>());
        var policy = await PolicyReading.ReadOfPerson(all, organization);
        await connection.CloseAsync();
        return person is null ? null : new(person, password, twoStepOn, isKnown, any && !known,
            (await policies.PolicyFor(person, policy, ct))?.Settings.Rules ?? PolicyRules.WithoutPolicy)
        {
            Credentials = credentials,
        };
    }
}
