namespace DirectoryPlatform.Provisioning.Internal;

sealed class IdentityDirectoryHandlers(UnitOfWork work, IMediator mediator, IdentityDirectoryReading reading) :
    IRequestHandler<CreateIdentityDirectory, Outcome<NewProvisioningToken>>,
    IRequestHandler<RenewProvisioningToken, Outcome<NewProvisioningToken>>, IRequestHandler<RemoveIdentityDirectory, Outcome<Done>>
{
    static readonly NotFound Unknown = new("directory");

    public async Task<Outcome<NewProvisioningToken>> Handle(CreateIdentityDirectory command, CancellationToken ct)
    {
        var read = PlainText.ReadName(command.Name, longest: CreateIdentityDirectory.MaxName);
        if (!read.Granted) return read.Refusal;
        var (name, key) = (read.Value, SearchKey.Unique(read.Value));
        if (!(await mediator.Send(new ReadPolicyAssignment(command.Organization), ct)).Default.Settings.Billable)
            return new DefaultPolicyNonBillable();
        var (id, token) = (Guid.CreateVersion7(), TokenText.New(TokenText.Provisioning));
        var created = await work.Run<Done>(command.Origin, async change =>
        {
            var values = new
            {
                id,
                organization = command.Organization.Value,
                name,
                key,
                hash = TokenText.HashOf(token),
                now = change.Now.UtcDateTime,
                by = command.By.Value,
            };
            // One at a time for each organization: no two requests pass the limit or take a name together.
            await change.Lock($"identity directories {command.Organization}");
            var names = await change.Rows<string>(
                "select name_key from directory.identity_directory where organization_id = @organization and removed_at is null", values);
            if (names.Contains(key)) return new DirectoryNameTaken();
            if (names.Count >= CreateIdentityDirectory.Most) return new TooManyDirectories();
            await change.Write("""
                insert into directory.identity_directory (id, organization_id, name, name_key, token_hash, token_made_at, created_at,
                    created_by)
                  values (@id, @organization, @name, @key, @hash, @now, @now, @by)
                """, values);
            change.WriteAudit(command.Organization, id, ProvisioningActions.IdentityDirectoryCreated, after: new { name });
            return Done.It;
        }, ct);
        return created.Granted
            ? new NewProvisioningToken(token, (await reading.Views(command.Organization, id)).Single())
            : created.Refusal;
    }

    public async Task<Outcome<NewProvisioningToken>> Handle(RenewProvisioningToken command, CancellationToken ct)
    {
        var token = TokenText.New(TokenText.Provisioning);
        var done = await Change(command.Organization, command.Directory, "token_hash = @hash, token_made_at = @now",
            TokenText.HashOf(token), ProvisioningActions.ProvisioningTokenRenewed, command.Origin, null, ct);
        return done.Granted
            ? new NewProvisioningToken(token, (await reading.Views(command.Organization, command.Directory.Value)).Single())
            : done.Refusal;
    }

    public Task<Outcome<Done>> Handle(RemoveIdentityDirectory command, CancellationToken ct) =>
        Change(command.Organization, command.Directory, "token_hash = null, removed_at = @now", null,
            ProvisioningActions.IdentityDirectoryRemoved, command.Origin, PlainText.Normalise(command.TypedName), ct);

    /// <param name="typed">What must be the directory's name; null where nothing had to be typed.</param>
    async Task<Outcome<Done>> Change(OrganizationId organization, IdentityDirectoryId id, string set, byte[]? hash, string action,
        Origin origin, string? typed, CancellationToken ct)
    {
        return await work.Run<Done>(origin, async change =>
        {
            var values = new { id = id.Value, organization = organization.Value, hash, now = change.Now.UtcDateTime };
            if (await change.Value<string?>(
                "select name from directory.identity_directory where id = @id and organization_id = @organization "
                + "and removed_at is null for update", values) is not { } name) return Unknown;
            if (typed is not null && typed != PlainText.Normalise(name)) return new DirectoryNameWrong();
            await change.Write($"update directory.identity_directory set {set} where id = @id", values);
            change.WriteAudit(organization, id.Value, action, after: new { name });
            return Done.It;
        }, ct);
    }
}
