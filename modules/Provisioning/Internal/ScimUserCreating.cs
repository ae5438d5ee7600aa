namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>
/// People of a directory as its provider makes them. Who is there already is answered with 409, and is switched off all the same when the
/// request says so (SPEC P5); who comes with another id to the address of an account that the provider knew is somebody else until an admin
/// says otherwise (A16).
/// </summary>
sealed class ScimUserCreating(
    ProvisioningLock turns, UserDeeds deeds, ReleaseService releasing, OtherIdentities identities, IdentityDirectoryReading directories,
    IMediator mediator, TimeProvider clock) : IRequestHandler<CreateScimUser, Outcome<ScimReply>>
{
    /// <summary>A row of the directory that a new person could be.</summary>
    sealed record Known(Guid Account, Guid Directory, string UserName, string? ExternalId);

    /// <param name="Holder">Whose account has the address; null for nobody's.</param>
    /// <param name="Billable">Whether the organization's default policy is (SPEC S5).</param>
    sealed record Around(AccountId? Holder, bool Billable);

    public async Task<Outcome<ScimReply>> Handle(CreateScimUser command, CancellationToken ct)
    {
        var (by, wish) = (command.By, ActiveWish.OfResource(command.Body));
        var odd = new Oddities(everything: wish is false);
        var wanted = ScimProjection.Read(command.Wanted, ScimResource.User);
        if (!wanted.Granted && wish is not false) return wanted.Refusal;
        var resource = ScimResource.User.Read(command.Body, odd);
        if (!resource.Granted) return resource.Refusal;
        KeptAsSent.Bound(resource.Value, odd);
        var read = ProvidedUser.Read(resource.Value);
        if (!read.Granted) return await OffByExternalId(by, resource.Value, wish, read.Refusal, command.Origin, ct);
        var user = read.Value;
        var address = await deeds.AddressFor(by, user, odd);
        var fresh = new AccountId(Guid.CreateVersion7());
        Guid? restored = null;
        // Two who make the same person at once: the second finds the first one's.
        string[] locks = [$"user name {by.Directory} {user.UserName}", ProvisioningLock.Of(fresh.Value),
            .. address.Granted ? [$"provisioned address {address.Value}"] : Array.Empty<string>()];
        EmailAddress? email = address.Granted ? address.Value : null;
        var outcome = await turns.OfProvider(by, locks, ThoseKnown(by, user, email).And(AroundAddress(by, email)), async (lease, seen) =>
        {
            var (known, around) = seen;
            if (Same(known, by, user) is { } same)
            {
                if (same.ExternalId is not null && same.ExternalId == user.ExternalId
                    && SaidAddress.BeforeSoftDeletion(same.UserName) == user.UserName)
                {
                    restored = same.Account;
                    return ScimFault.Uniqueness("The user already exists with another userName.");
                }
                return await There(lease, by, same, user, wish, command.Origin, ct);
            }
            var other = known.FirstOrDefault(k => k.Directory == by.Directory.Value);
            if (other is null && known.Count > 0) return ScimFault.Uniqueness("Another user has this email address.");
            if (!address.Granted) return address.Refusal;
            if (await Stranger(lease, by, other, user, around.Holder, command.Origin, ct) is { } stranger) return stranger;
            // Whoever had the address has perhaps lost it by that.
            var holder = around.Holder is null ? null : await mediator.Send(new FindAccount(address.Value), ct);
            var settled = await deeds.Settle(by, user, address.Value, holder, fresh, wish, around.Billable, odd, command.Origin);
            if (!settled.Granted) return settled.Refusal;
            var (account, whole) = settled.Value;
            var profile = whole ? null : await lease.Take([ProvisioningLock.Of(account.Value)], UserDeeds.ProfileOf(account), ct);
            if (wish is false && await deeds.SwitchOff(by, account, command.Origin) is { } stays) return stays;
            if (!whole)
            {
                var applied = await deeds.Apply(by, account, profile, null, user, wish, said: false, odd, command.Origin);
                if (!applied.Granted && Oddities.Over(applied.Refusal as ScimFault, odd) is { } refusal) return refusal;
            }
            var now = clock.ToTheMicrosecond();
            var active = whole ? wish is not false
                : (await mediator.Send(new ReadAccount(account), ct)) is { Granted: true, Value.State: AccountState.Active };
            resource.Value["active"] = wish ?? active;
            var row = new UserRow(account.Value, resource.Value, wish ?? active, 1, now, now, active);
            if (await lease.End(UserRows.Insert(by.Directory.Value, row, user with { Active = row.Said }),
                [FormerIdentities.Forget(by.Directory.Value, row.Account)], ct))
                return odd.Beside(ScimUserReading.Shape(row, directories.BaseUrl(by.Directory.Value),
                    wanted.Granted ? wanted.Value : ScimProjection.All));
            // Overtaken by a change that took the name, or the directory was removed meanwhile: what was given to the provider a moment ago
            // is taken back.
            await releasing.Release([account], command.Origin);
            return ScimFault.Uniqueness("Another user has this userName, externalId or email address.");
        }, ct);
        // Somebody whom the provider had deleted softly comes back under the own name: the same person, replaced as a PUT would.
        return restored is { } id
            ? await mediator.Send(new ReplaceScimUser(by, id, command.Body, null, command.Wanted, command.Origin), CancellationToken.None)
            : outcome;
    }

    /// <summary>By the provider's id, by userName and by address; in other directories of the organization by address alone. Other
    /// organizations' are not told of.</summary>
    static Looked<IReadOnlyList<Known>> ThoseKnown(ProvisioningGrant by, ProvidedUser user, EmailAddress? address) => new(
        () => [Statement.Of("""
        select account_id, directory_id, user_name, external_id
          from directory.provisioned_user where directory_id = $1 and (user_name = $2 or external_id = $3::text)
        union
        select u.account_id, u.directory_id, u.user_name, u.external_id from accounts.v_account a
          join directory.provisioned_user u on u.account_id = a.id join directory.identity_directory d on d.id = u.directory_id
        where a.email = $4::text and d.organization_id = $5
        """, by.Directory.Value, user.UserName, user.ExternalId, address?.Value, by.Organization.Value)],
        async (rows, ct) =>
        {
            var known = new List<Known>();
            while (await rows.ReadAsync(ct))
                known.Add(new(rows.GetGuid(0), rows.GetGuid(1), rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetString(3)));
            return known;
        });

    /// <summary>Asked in the same look: most new people meet nobody.</summary>
    static Looked<Around> AroundAddress(ProvisioningGrant by, EmailAddress? address) => new(
        () => [Statement.Of("""
        select (select id from accounts.v_account where email = $1::text),
          not exists (select from security.v_policy where organization_id = $2 and is_default and not billable)
        """, address?.Value, by.Organization.Value)],
        async (rows, ct) =>
        {
            await rows.ReadAsync(ct);
            return new Around(rows.IsDBNull(0) ? null : new AccountId(rows.GetGuid(0)), rows.GetBoolean(1));
        });

    /// <summary>The provider's own id decides; without one on either side its name or its address does.</summary>
    static Known? Same(IReadOnlyList<Known> known, ProvisioningGrant by, ProvidedUser user)
    {
        var here = known.Where(k => k.Directory == by.Directory.Value).ToList();
        return here.Find(k => k.ExternalId is not null && k.ExternalId == user.ExternalId)
            ?? here.Find(k => k.ExternalId is null || user.ExternalId is null);
    }

    /// <summary>The person is here: that is the answer, and being switched off is done.</summary>
    async Task<Outcome<ScimReply>> There(ProvisioningLease lease, ProvisioningGrant by, Known same, ProvidedUser user, bool? wish,
        Origin origin, CancellationToken ct)
    {
        var what = same.UserName == user.UserName ? "userName"
            : same.ExternalId is not null && same.ExternalId == user.ExternalId ? "externalId"
            : "email address";
        if (wish is not false) return ScimFault.Uniqueness($"Another user of this directory has this {what}.");
        await lease.Take([ProvisioningLock.Of(same.Account)], ct);
        if (await deeds.SwitchOff(by, new(same.Account), origin) is { } stays) return stays;
        await lease.Write(connection => connection.ExecuteAsync("""
            update directory.provisioned_user set active = false, resource = jsonb_set(resource, '{active}', 'false'), version = version +
              1, changed_at = @now where directory_id = @directory and account_id = @Account and active
            """, new { directory = by.Directory.Value, same.Account, now = clock.GetUtcNow().UtcDateTime }), ct);
        return ScimFault
            .Uniqueness(
                $"The user with this {what} is already in this directory, as {same.Account}, and is now deactivated, because active is "
                + "false. Everything else in the request was ignored.");
    }

    /// <summary>Another id on an old address (SPEC A16): refused, unless the directory's admins have decided.</summary>
    /// <param name="holder">Who has the address; null for nobody.</param>
    async Task<ScimFault?> Stranger(ProvisioningLease lease, ProvisioningGrant by, Known? linked, ProvidedUser user, AccountId? holder,
        Origin origin, CancellationToken ct)
    {
        if (user.ExternalId is null) return null;
        var account = linked is not null ? new AccountId(linked.Account) : holder;
        if (account is not { } earlier) return null;
        var knownAs = linked?.ExternalId ?? await lease.Look(c => FormerIdentities.Of(c, by.Directory.Value, earlier.Value), ct);
        if (knownAs is null || knownAs == user.ExternalId) return null;
        var met = await identities.Meet(lease, by, earlier, knownAs, user, linked is not null, origin, ct);
        if (!met.Granted) return met.Refusal as ScimFault ?? new ScimFault(403, null, met.Refusal.Sentence);
        if (met.Value is Met.Separated || linked is null) return null;
        // The same person, who is linked: its row says so from now on.
        await lease.Write(connection => connection.ExecuteAsync(
            "update directory.provisioned_user set external_id = @ExternalId, resource = jsonb_set(resource, '{externalId}', "
            + "to_jsonb(@ExternalId::text)), version = version + 1 where account_id = @Account",
            new { user.ExternalId, linked.Account }), ct);
        return ScimFault.Uniqueness(
            $"This user is already in this directory, as {linked.Account}, and now has this externalId. Look it up and change it.");
    }

    /// <summary>A request that makes no person can still name one to switch off.</summary>
    async Task<Outcome<ScimReply>> OffByExternalId(ProvisioningGrant by, JsonObject resource, bool? wish, Refusal fault, Origin origin,
        CancellationToken ct)
    {
        if (wish is not false || resource["externalId"] is not JsonValue value || !value.TryGetValue<string>(out var externalId))
            return fault;
        return await turns.OfProvider(by, [$"external id {by.Directory} {externalId}"], async lease =>
        {
            var known = (await lease.Look(connection => connection.QueryAsync<Known>(
                "select account_id as account, directory_id as directory, user_name as userName, external_id as externalId "
                    + "from directory.provisioned_user where directory_id = @directory and external_id = @externalId",
                new { directory = by.Directory.Value, externalId }), ct)).AsList();
            return known is [var same]
                ? await There(lease, by, same,
                    new(same.UserName, same.ExternalId, false, [], new Dictionary<AccountDetail, string>(), []), wish, origin, ct)
                : fault;
        }, ct);
    }
}
