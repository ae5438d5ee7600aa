namespace DirectoryPlatform.Sites.Internal.Bulk;

/// <param name="Note">Null for none.</param>
sealed record InviteOptions(IReadOnlyDictionary<string, AppRole> Roles, IReadOnlyList<GroupId> Groups, string? Note);

/// <summary>Invites a list of addresses with the code of the form (SPEC U3). Invitations, mails and the cursor are one transaction: nobody
/// is mailed twice, and nobody is left out.</summary>
sealed class InviteMany(InvitationService inviting, MailQueue mails, UnitOfWork work, BulkDrafts drafts, NpgsqlDataSource database,
    BackgroundSettings settings, IMediator mediator, TimeProvider clock) : SiteAction(work, drafts, database, settings, mediator)
{
    public override string Name => UserActions.Invite;
    public override string JobKind => UserJobs.Invitations;
    public override BulkWords Words => new("Invite", "user-plus", "invited", false, []) { Items = ("person", "people") };

    /// <summary>So that the progress bar moves while ten thousand are invited, and no admin waits long for the site (own choice).</summary>
    protected override int ChunkSize => 500;

    /// <summary>Invitations to one site wait for one another.</summary>
    protected override int Workers => 1;

    protected override bool DecidesWhenDoing => true;

    /// <summary>A list of people for whom no site is chosen yet is no invitation.</summary>
    public override async Task<Outcome<string>> Target(BulkDraft draft, CancellationToken ct) =>
        draft.SiteId is null ? new NotFound("list of users") : await base.Target(draft, ct);

    protected override async Task<IReadOnlyList<Outcome<string>>> Decide(BulkRun run, IReadOnlyList<BulkItem> items,
        NpgsqlConnection connection, CancellationToken ct)
    {
        var origin = new Origin(run.Actor, "preview");
        var change = new Change(connection, origin, clock.GetUtcNow());
        var outcomes = await InvitationService.Decide(change, run.Draft.Site!.Value, run.Draft.By, await Know(items, origin, ct));
        return Codes(items, outcomes);
    }

    protected override async Task<BulkDone> Do(BulkRun run, IReadOnlyList<BulkItem> items, IReadOnlyList<Outcome<string>> decided,
        NpgsqlConnection connection, CancellationToken ct)
    {
        var change = ChangeOf(run, connection);
        if (await change.OrganizationOf(run.Draft.Site!.Value) is not { } organization) return new([], [], SiteIsGone);
        var options = run.Draft.Option<InviteOptions>();
        var offer = new InvitationOffer(run.Draft.Site.Value, options.Roles, options.Groups, options.Note);
        var outcomes = await inviting.Do(change, offer, organization, await Know(items, change.Origin, ct));
        await change.Save(ct);
        // Those of the chunks before are written by now.
        mails.WakeSender();
        return new(Codes(items, outcomes), []);
    }

    Task<InvitationService.Guests> Know(IReadOnlyList<BulkItem> items, Origin origin, CancellationToken ct) =>
        inviting.Know([.. items.Select(i => EmailAddress.Trusted(i.Text!))], origin, ct);

    static List<Outcome<string>> Codes(IReadOnlyList<BulkItem> items, IReadOnlyDictionary<string, Outcome<InvitedHow>> outcomes) =>
        [.. items.Select(i => outcomes[i.Text!].Map(how => how is InvitedHow.InAtOnce ? "addedAtOnce" : "invited"))];

    protected override string WillBe(string code) => code == "addedAtOnce" ? "will be added at once" : "will be invited by email";

    public override string[] Heads => ["Line", "Email"];

    public override Task<IReadOnlyList<string[]>> Describe(IReadOnlyList<BulkItem> items, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<string[]>>(
            [.. items.Select(i => (string[])[i.Line?.ToString(CultureInfo.InvariantCulture) ?? "", i.Text ?? ""])]);

    protected override BulkSample Sample(BulkItem item, string[] described) => new(null, described[1]);

    protected override async Task<IReadOnlyList<BulkDetail>> Details(BulkRun run, CancellationToken ct)
    {
        var (roles, chosen, note) = run.Draft.Option<InviteOptions>();
        var apps = roles.Count == 0 ? [] : (await Mediator.Send(new ReadApps(), ct)).Where(a => roles.ContainsKey(a.Id))
            .Select(a => $"{a.Name}: {(roles[a.Id] is AppRole.Admin ? "admin" : "user")}").ToList();
        var groups = await Work.Look(new(run.Actor, "preview"), change => change.Rows<string>(
            "select name from sites.grp where id = any(@groups) and organization_id = @organization and provided_by is null "
            + "order by name_key", new { groups = chosen.Select(g => g.Value).ToArray(), organization = run.Draft.OrganizationId }), ct);
        return
        [
            new("Roles", apps.Count == 0 ? "None" : string.Join(", ", apps)),
            new("Groups", groups.Count == 0 ? "None" : string.Join(", ", groups)),
            .. note is null ? (BulkDetail[])[] : [new("Note", note)],
        ];
    }
}
