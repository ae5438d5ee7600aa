namespace DirectoryPlatform.Accounts.Internal.Bulk;

sealed class AccountDraftsHandler(BulkDrafts drafts, BulkActions actions, AccountConditions conditions, IMediator mediator,
    NpgsqlDataSource database, TimeProvider clock)
    : IRequestHandler<PrepareBulk, Outcome<BulkDraftId>>, IRequestHandler<PrepareBulkByList, Outcome<BulkDraftId>>,
    IRequestHandler<BeginClaim, Outcome<BulkDraftId>>, IRequestHandler<ReadClaim, Outcome<ClaimView>>,
    IRequestHandler<ChooseNewAccounts, Outcome<Done>>
{
    public async Task<Outcome<BulkDraftId>> Handle(PrepareBulk command, CancellationToken ct)
    {
        var everybody = command.Accounts is null && (command.Filter ?? ManagedAccountFilter.Everybody) == ManagedAccountFilter.Everybody;
        var draft = Draft(command.Organization, command.Action, new(command.Target, Everybody: everybody), command.Origin);
        if (await Refused(draft, ct) is { } refusal) return refusal;
        if (command.Accounts is not { } accounts)
            return await drafts.Insert(draft, [], async values =>
            {
                var where = await conditions.Where(command.Filter ?? ManagedAccountFilter.Everybody, command.Organization,
                    clock.GetUtcNow(), values, ct);
                return $"select a.id from accounts.account a where {where}"
                    + (command.OnlyPossible && actions.Of(draft.Action) is AccountRun run ? $" and {Possible(run, command, values)}" : "");
            }, null, ct);
        var ids = accounts.Select(a => a.Value).Distinct().ToArray();
        return ids.Length == 0 ? new NothingChosen() : await drafts.Insert(draft, [], values =>
        {
            values.Add(new() { Value = command.Organization.Value });
            values.Add(new() { Value = ids });
            return Task.FromResult("select id from accounts.account where managed_by = $2 and id = any($3)");
        }, ids.Length, ct);
    }

    string Possible(AccountRun run, PrepareBulk command, NpgsqlParameterCollection values)
    {
        var (now, by) = (values.Place(clock.GetUtcNow().UtcDateTime), values.Place(command.Organization.Value));
        return $"({run.Obstacle(now, by, $"nullif({values.Place(command.Target ?? "")}, '')", "null")}) is null";
    }

    public async Task<Outcome<BulkDraftId>> Handle(PrepareBulkByList command, CancellationToken ct)
    {
        if (command.Domain is { } only)
            return await Handle(new BeginClaim(command.Organization, only, command.List, command.Origin, Unclaim: true), ct);
        var draft = Draft(command.Organization, command.Action, new(command.Target), command.Origin);
        if (await Refused(draft, ct) is { } refusal) return refusal;
        if (command.List.IsEmpty) return new NothingChosen();
        var list = await ReadAddressListHandler.Read(command.List, ct);
        if (!list.Granted) return list.Refusal;
        // One answer for unknown, foreign and unclaimed addresses: who has an account elsewhere is nobody's business.
        var known = await Known("managed_by = @organization", list.Value, new
        {
            emails = list.Value.Emails.Keys.Select(e => e.Value).ToArray(),
            organization = command.Organization.Value
        }, ct);
        return await Insert(draft, list.Value, known, _ => new NoManagedAccount(), ct);
    }

    public async Task<Outcome<BulkDraftId>> Handle(BeginClaim command, CancellationToken ct)
    {
        var domain = await mediator.Send(new ReadDomain(command.Organization, command.Domain), ct);
        if (!domain.Granted) return domain.Refusal;
        if (!domain.Value.IsOwned) return new DomainNotOwned();
        var name = domain.Value.Name;
        // C1: a setting stays until another is chosen, and who names some people has said nothing of those that appear later.
        var options = new AccountOptions(null, command.Domain, name,
            command.List is null && domain.Value.AutomaticClaim is null ? true : null,
            Everybody: command is { Unclaim: true, List: null });
        var draft = Draft(command.Organization, command.Unclaim ? ManyAccounts.Unclaim : ManyAccounts.Claim, options, command.Origin);
        if (command.List is null)
            return await drafts.Insert(draft with { Everything = true }, [], (IReadOnlyList<BulkItem>)[], ct);
        var list = await ReadAddressListHandler.Read(command.List, ct, command.Unclaim ? AddressList.MaxRows : int.MaxValue);
        if (!list.Granted) return list.Refusal;
        // Only addresses on the own domain are looked up: the answer must not tell which foreign addresses have accounts.
        var known = await Known("domain = @name", list.Value, new
        {
            emails = list.Value.Emails.Keys.Where(e => e.Domain == name).Select(e => e.Value).ToArray(),
            name
        }, ct);
        return await Insert(draft, list.Value, known, e => e.Domain == name ? new NoSuchAccount() : new NotOnDomain(), ct);
    }

    async Task<Dictionary<string, Guid>> Known(string which, AddressList list, object values, CancellationToken ct)
    {
        if (list.Emails.Count == 0) return [];
        return (await database.Rows<(string Email, Guid Id)>(
            $"select email, id from accounts.account where email = any(@emails) and {which}", values, ct))
            .ToDictionary(r => r.Email, r => r.Id);
    }

    /// <param name="why">Of an address that names nobody who is meant.</param>
    Task<BulkDraftId> Insert(BulkDraft draft, AddressList list, Dictionary<string, Guid> known, Func<EmailAddress, Refusal> why,
        CancellationToken ct) => drafts.Insert(draft,
            [.. list.BadLines, .. list.Emails.Where(e => !known.ContainsKey(e.Key.Value)).Select(e => e.Value.Refuse(why(e.Key).Sentence))],
            [.. known.Values.Order().Select(id => new BulkItem(id))], ct);

    public async Task<Outcome<ClaimView>> Handle(ReadClaim query, CancellationToken ct)
    {
        if (await Claim(query.Organization, query.Draft, ct) is not var (draft, options)) return new NotFound("claim");
        if (draft.CarriedOut) return new DraftVoid();
        var domain = await mediator.Send(new ReadDomain(query.Organization, options.Domain!.Value), ct);
        var setting = domain.Granted && domain.Value.AutomaticClaim is true;
        return new ClaimView(options.Domain!.Value, options.DomainName!, !draft.Everything, options.Automatic ?? setting);
    }

    public async Task<Outcome<Done>> Handle(ChooseNewAccounts command, CancellationToken ct)
    {
        if (await Claim(command.Organization, command.Draft, ct) is not var (draft, options)) return new NotFound("claim");
        if (draft.CarriedOut) return new DraftVoid();
        await drafts.SetOptions(command.Draft, KernelJson.Write(options with { Automatic = command.Automatic }), ct);
        return Done.It;
    }

    async Task<(BulkDraft, AccountOptions)?> Claim(OrganizationId organization, BulkDraftId id, CancellationToken ct) =>
        await drafts.Of(organization, null, id, ct) is { Action: ManyAccounts.Claim } draft ? (draft, draft.Option<AccountOptions>())
            : null;

    static BulkDraft Draft(OrganizationId organization, string action, AccountOptions options, Origin origin) => new()
    {
        OrganizationId = organization.Value,
        Action = action,
        Options = KernelJson.Write(options),
        MadeBy = origin.Actor,
    };

    async Task<Refusal?> Refused(BulkDraft draft, CancellationToken ct) =>
        actions.Of(draft.Action) is not { } action ? new NoSuchAction() : (await action.Target(draft, ct)).Refusal;
}
