namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>What has become of two identities that met at one address.</summary>
enum Met { Joined, Separated }

/// <summary>
/// A provider names the address of an account again, with another id of its own (SPEC A16). That is somebody else until an admin, or the
/// directory's setting, says otherwise: joined, the account keeps what it may and loses whatever lets somebody in; separated, it keeps its
/// history and loses the address.
/// </summary>
sealed class OtherIdentities(IMediator mediator, ReleaseService releasing, ProvisioningLock turns, NpgsqlDataSource database,
    UnitOfWork work, TimeProvider clock) :
    IRequestHandler<ReadIdentityQuestions, IReadOnlyList<IdentityQuestion>>, IRequestHandler<AnswerIdentityQuestion, Outcome<Done>>,
    IRequestHandler<ChooseIdentityRule, Outcome<Done>>
{
    public static readonly ScimFault Fault = ScimFault.Uniqueness(
        "The address belongs to an account that this directory knew by another externalId, so this may be another person. An admin of "
            + "the organization must decide on the provider's page.");

    /// <param name="knownAs">What the provider called the account before.</param>
    /// <param name="linked">Whether it is in the directory now.</param>
    /// <returns>
    /// Refused with <see cref="Fault"/> while nobody has decided; the question is written down then. Separated, the earlier row is deleted.
    /// </returns>
    public async Task<Outcome<Met>> Meet(ProvisioningLease lease, ProvisioningGrant by, AccountId account, string knownAs,
        ProvidedUser user, bool linked, Origin origin, CancellationToken ct)
    {
        var rule = (IdentityRule)await lease.Look(connection => connection.ExecuteScalarAsync<short>(
            "select other_identity from directory.identity_directory where id = @id", new { id = by.Directory.Value }), ct);
        switch (rule)
        {
            case IdentityRule.AlwaysSame:
                var voided = await Void(by.Organization, account, null, origin, ct);
                return voided.Granted ? Met.Joined : voided.Refusal;
            case IdentityRule.AlwaysOther:
                if (linked) await lease.Take([ProvisioningLock.Of(account.Value)], ct);
                var separated = await Separate(lease, by.Organization, account, null, origin, ct);
                if (!separated.Granted)
                    return separated.Refusal is ScimFault fault ? fault : new ScimFault(403, null, separated.Refusal.Sentence);
                return Met.Separated;
            default:
                await lease.Write(connection => connection.ExecuteAsync("""
                    insert into directory.identity_question (directory_id, account_id, external_id, known_as, user_name, name, email,
                      asked_at, last_asked_at)
                    select @directory, a.id, @ExternalId, @knownAs, @UserName, @name, a.email, @now, @now from accounts.v_account a
                      where a.id = @account
                    on conflict (directory_id, account_id) do update set external_id = excluded.external_id, known_as = excluded.known_as,
                      user_name = excluded.user_name, name = excluded.name, email = excluded.email,
                      last_asked_at = excluded.last_asked_at, times = identity_question.times + 1
                    """, new
                {
                    directory = by.Directory.Value,
                    account = account.Value,
                    user.ExternalId,
                    knownAs,
                    user.UserName,
                    name = user.Details.GetValueOrDefault(AccountDetail.Name) ?? user.UserName,
                    now = clock.GetUtcNow().UtcDateTime
                }), ct);
                return Fault;
        }
    }

    public async Task<IReadOnlyList<IdentityQuestion>> Handle(ReadIdentityQuestions query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return [.. (await connection.QueryAsync<Row>("""
            select a.id as account, a.name, a.email, a.state, coalesce(cardinality(a.admin_of), 0) > 0 as admin,
              exists (select from directory.provisioned_user u where u.account_id = a.id and u.directory_id = d.id) as linked,
              q.known_as as knownAs, q.external_id as externalId, q.user_name as userName, q.name as newName, q.asked_at as askedAt,
                q.last_asked_at as lastAskedAt, q.times
            from directory.identity_question q join directory.identity_directory d on d.id = q.directory_id
              join accounts.v_account a on a.id = q.account_id
            where d.id = @directory and d.organization_id = @organization and d.removed_at is null and a.email = q.email
              order by q.last_asked_at desc, a.id limit @most
            """, new { directory = query.Directory.Value, organization = query.Organization.Value, most = ReadIdentityQuestions.Most }))
            .Select(q => new IdentityQuestion(new(q.Account), q.Name, q.Email, (AccountState)q.State, q.Admin, q.Linked, q.KnownAs,
                q.ExternalId, q.UserName, q.NewName, q.AskedAt, q.LastAskedAt, q.Times))];
    }

    sealed record Row(
        Guid Account, string Name, string Email, short State, bool Admin, bool Linked, string KnownAs, string ExternalId, string UserName,
        string NewName, DateTime AskedAt, DateTime LastAskedAt, int Times);

    public Task<Outcome<Done>> Handle(AnswerIdentityQuestion command, CancellationToken ct) =>
        turns.Alone<Outcome<Done>>(command.Organization, [ProvisioningLock.Of(command.Account.Value)], async lease =>
    {
        var question = (await Handle(new ReadIdentityQuestions(command.Organization, command.Directory), ct))
            .FirstOrDefault(q => q.Account == command.Account);
        if (question is null) return new NotFound("question");
        if (command.Same)
        {
            if (await lease.Look(connection => connection.ExecuteScalarAsync<bool>(
                "select exists (select from directory.provisioned_user where directory_id = @directory and external_id = @ExternalId "
                + "and account_id <> @account)",
                new { directory = command.Directory.Value, question.ExternalId, account = command.Account.Value }), ct))
                return new IdentityTaken();
            var voided = await Void(command.Organization, command.Account, command.Asker, command.Origin, ct);
            if (!voided.Granted) return voided.Refusal;
        }
        else
        {
            var separated = await Separate(lease, command.Organization, command.Account, command.Asker, command.Origin, ct);
            if (!separated.Granted) return separated.Refusal;
        }
        // The question goes last: it is what finds again what was broken off.
        return await lease.Write(async (connection, _) =>
        {
            if (command.Same) await Join(connection, command, question);
            await connection.ExecuteAsync(
                "delete from directory.identity_question where directory_id = @directory and account_id = @account",
                new { directory = command.Directory.Value, account = command.Account.Value });
            var change = new Change(connection, command.Origin, clock.GetUtcNow());
            change.WriteAudit(command.Organization, command.Account.Value,
                command.Same ? ProvisioningActions.IdentitiesJoined : ProvisioningActions.IdentitiesSeparated,
                after: new { directory = $"{command.Directory}" });
            await change.Save(ct);
            return Done.It;
        }, ct);
    }, ct);

    /// <summary>The provider's next try finds the account as its own.</summary>
    async Task Join(NpgsqlConnection connection, AnswerIdentityQuestion command, IdentityQuestion question)
    {
        var changed = await connection.ExecuteAsync("""
            update directory.provisioned_user set external_id = @ExternalId, resource = jsonb_set(resource, '{externalId}',
              to_jsonb(@ExternalId::text)), version = version + 1, changed_at = @now
            where directory_id = @directory and account_id = @account
            """, new
        {
            question.ExternalId,
            directory = command.Directory.Value,
            account = command.Account.Value,
            now = clock.GetUtcNow().UtcDateTime
        });
        if (changed == 0)
        {
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    FormerIdentities.Remember(command.Directory.Value, command.Account.Value, question.ExternalId, clock.GetUtcNow())
                }
            };
            await batch.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Whoever knows how to get in may be somebody else, even if the account's person is the same.</summary>
    /// <param name="asker">As in <see cref="AdminReach"/>.</param>
    async Task<Outcome<Done>> Void(OrganizationId organization, AccountId account, IReadOnlyList<OrganizationId>? asker, Origin origin,
        CancellationToken ct) =>
        await Claim(organization, account, origin, ct) is { } unclaimed
            ? unclaimed
            : await mediator.Send(new VoidCredentials(account, organization, origin) { Asker = asker }, ct);

    /// <summary>The earlier account loses the address, and its row in whichever directory goes: the account first, so that what was broken
    /// off in between is found and done again.</summary>
    /// <param name="asker">As in <see cref="AdminReach"/>.</param>
    async Task<Outcome<Done>> Separate(ProvisioningLease lease, OrganizationId organization, AccountId account,
        IReadOnlyList<OrganizationId>? asker, Origin origin, CancellationToken ct)
    {
        if (await Claim(organization, account, origin, ct) is { } unclaimed) return unclaimed;
        var withdrawn = await mediator.Send(new WithdrawAddress(account, organization, origin) { Asker = asker }, ct);
        if (!withdrawn.Granted && withdrawn.Refusal is not AddressWithdrawnAlready) return withdrawn.Refusal;
        await releasing.Release([account], origin);
        await releasing.Leave(lease, [account], organization, origin, isLast: false, ct);
        return Done.It;
    }

    /// <summary>The domain is the organization's, and so is the address, whoever has the account; but who was unclaimed and excluded stays
    /// so (SPEC C7). An account of somebody else's is told by what follows.</summary>
    /// <returns>Why the account stays nobody's; null where somebody manages it.</returns>
    async Task<Refusal?> Claim(OrganizationId organization, AccountId account, Origin origin, CancellationToken ct)
    {
        var read = await mediator.Send(new ReadAccount(account), ct);
        if (!read.Granted) return read.Refusal;
        if (read.Value.ManagedBy is not null || EmailAddress.Parse(read.Value.Email) is not { Granted: true, Value: var email })
            return null;
        async Task<bool> Owns() => (await mediator.Send(new WhoOwnsDomain(email.Domain), ct))?.Organization == organization;
        if (!await Owns()) return new NotManagedHere();
        var claimed = await mediator.Send(new ClaimAccount(account, organization, email.Domain, EvenIfExcluded: false, origin), ct);
        if (!claimed.Granted && claimed.Refusal is not AlreadyClaimed) return claimed.Refusal;
        if (await Owns()) return null;
        // Lost between the question and the claim: the unclaiming that follows the loss may have passed already.
        await mediator.Send(new UnclaimAccount(account, organization, Exclude: false, origin), ct);
        return new NotManagedHere();
    }

    public async Task<Outcome<Done>> Handle(ChooseIdentityRule command, CancellationToken ct)
    {
        if (!Enum.IsDefined(command.Rule)) return new InvalidValue("rule", "Choose one of the three options.");
        return await work.Run<Done>(command.Origin, async change =>
        {
            if (await change.Value<string?>(
                "update directory.identity_directory set other_identity = @rule where id = @id and organization_id = @organization "
                + "and removed_at is null returning name",
                new { rule = (short)command.Rule, id = command.Directory.Value, organization = command.Organization.Value })
                is not { } name) return new NotFound("directory");
            change.WriteAudit(command.Organization, command.Directory.Value, ProvisioningActions.IdentityRuleChosen,
                after: new { name, rule = $"{command.Rule}" });
            return Done.It;
        }, ct);
    }
}
