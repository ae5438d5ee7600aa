namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>What the pages show of directories.</summary>
sealed class IdentityDirectoryReading(NpgsqlDataSource database, ProductUrl address, IMediator mediator) :
    IRequestHandler<ReadIdentityDirectories, IReadOnlyList<IdentityDirectoryView>>,
    IRequestHandler<ReadIdentityDirectory, Outcome<IdentityDirectoryDetail>>, IRequestHandler<WhichDirectory, DirectoryOfPerson?>,
    IRequestHandler<ListProvisionedPeople, Outcome<ListPage<ProvisionedPerson>>>
{
    const int NotesShown = 100;

    static readonly KeysetList<ProvisionedPerson> People = new()
    {
        Name = "provisionedPeople",
        Alias = "u",
        Columns = "u.id, u.name, u.user_name, u.state, u.changed_at",
        Row = r => new(new(r.GetGuid(0)), r.GetString(1), r.GetString(2), (AccountState)r.GetInt16(3), r.GetDateTime(4)),
        Orders = [new(ListSort.Name, KeysetColumn.Text("u.user_name"))],
    };

    public async Task<IReadOnlyList<IdentityDirectoryView>> Views(OrganizationId organization, Guid? only = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. (await connection.QueryAsync<Row>("""
            select d.id, d.name, d.created_at as createdAt, d.token_made_at as tokenMadeAt, d.last_request_at as lastRequestAt,
              (select count(*) from directory.provisioned_user u where u.directory_id = d.id) as people, d.other_identity as rule,
              (select count(*) from directory.identity_question q join accounts.v_account a on a.id = q.account_id and a.email = q.email
                where q.directory_id = d.id) as questions,
              (select count(*) from (select n.status from directory.provisioning_note n where n.directory_id = d.id
                order by n.at desc, n.id desc limit @NotesShown) shown where status >= 400) as rejected
            from directory.identity_directory d where d.organization_id = @organization and d.removed_at is null and (@only::uuid is null
              or d.id = @only) order by d.name_key, d.id
            """, new { organization = organization.Value, only, NotesShown }))
                .Select(d => new IdentityDirectoryView(new(d.Id), d.Name, BaseUrl(d.Id), d.CreatedAt, d.TokenMadeAt, d.LastRequestAt,
                    d.People) { Rule = (IdentityRule)d.Rule, Questions = d.Questions, Rejected = d.Rejected })];
    }

    sealed record Row(Guid Id, string Name, DateTime CreatedAt, DateTime TokenMadeAt, DateTime? LastRequestAt, long People, short Rule,
        long Questions, long Rejected);

    public string BaseUrl(Guid directory) => address.Link($"/scim/directory/{directory}");

    public Task<IReadOnlyList<IdentityDirectoryView>> Handle(ReadIdentityDirectories query, CancellationToken ct) =>
        Views(query.Organization);

    public async Task<Outcome<IdentityDirectoryDetail>> Handle(ReadIdentityDirectory query, CancellationToken ct)
    {
        if (await Views(query.Organization, query.Directory.Value) is not [var view]) return new NotFound("directory");
        await using var connection = await database.OpenConnectionAsync(ct);
        var notes = await connection.QueryAsync<(DateTime At, string Method, string Path, int Status, string Reason, Guid? Person,
            string? Name)>("""
            select n.at, n.method, n.path, n.status, n.reason, u.account_id, a.name from directory.provisioning_note n
              left join directory.provisioned_user u on u.account_id = n.account_id and u.directory_id = n.directory_id left
                join accounts.v_account a on a.id = u.account_id
            where n.directory_id = @id order by n.at desc, n.id desc limit @notes
            """, new { id = query.Directory.Value, notes = NotesShown });
        return new IdentityDirectoryDetail(
            view,
            [.. notes.Select(n => new ProvisioningNote(n.At, n.Method, n.Path, n.Status, n.Reason,
                n.Person is { } person ? new(person) : null, n.Name))])
        { Questions = await mediator.Send(new ReadIdentityQuestions(query.Organization, query.Directory), ct) };
    }

    public Task<Outcome<ListPage<ProvisionedPerson>>> Handle(ListProvisionedPeople query, CancellationToken ct) =>
        People.Page(database, new(ListSort.Name, Descending: false, query.Cursor, query.Size), values => Task.FromResult(new ListRows($"""
            (select p.account_id as id, a.name, p.user_name, a.state, p.changed_at from directory.provisioned_user p
              join directory.identity_directory d on d.id = p.directory_id join accounts.v_account a on a.id = p.account_id
              where p.directory_id = {values.Place(query.Directory.Value)}
                and d.organization_id = {values.Place(query.Organization.Value)}) u
            """, "true")), ct);

    public async Task<DirectoryOfPerson?> Handle(WhichDirectory query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<(Guid Id, string Name, string UserName, DateTime ChangedAt)>("""
            select d.id, d.name, u.user_name, u.changed_at from directory.provisioned_user u
              join directory.identity_directory d on d.id = u.directory_id
            where u.account_id = @account and d.organization_id = @organization and d.removed_at is null
            """, new { account = query.Account.Value, organization = query.Organization.Value })).AsList();
        return rows is [var d] ? new(new(d.Id), d.Name, d.UserName, d.ChangedAt) : null;
    }
}
