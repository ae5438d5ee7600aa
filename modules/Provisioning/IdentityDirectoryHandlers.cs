using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Tokens;
using MediatR;

namespace DirectoryPlatform.Provisioning;

sealed class IdentityDirectoryHandlers(UnitOfWork work, IMediator mediator, IdentityDirectoryReading reading, RecentProviders recent) :
    IRequestHandler<CreateIdentityDirectory, Outcome<NewProvisioningToken>>,
    IRequestHandler<RenewProvisioningToken, Outcome<NewProvisioningToken>>, IRequestHandler<RemoveIdentityDirectory, Outcome<Done>>
{
    static readonly NotFound Unknown = new("directory");

    public async Task<Outcome<NewProvisioningToken>> Handle(CreateIdentityDirectory command, CancellationToken ct)
    {
        var name = command.Name?.Trim() ?? "";
        if (name.Length is 0 or > CreateIdentityDirectory.MaxName)
            return new InvalidValue("name", $"Enter a name of at most {CreateIdentityDirectory.MaxName} characters.");
        if (!name.All(MayStand)) return new InvalidValue("name", "A name cannot hold line breaks or other control characters.");
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
                hash = TokenText.HashOf(token),
                now = change.Now.UtcDateTime,
                by = command.By.Value,
            };
            // One at a time for each organization: no two requests pass the limit or take a name together.
            await change.Lock($"identity directories {command.Organization}");
            var names = await change.Rows<string>(
                "select name from directory.identity_directory where organization_id = @organization and removed_at is null", values);
            if (names.Any(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase))) return new DirectoryNameTaken();
            if (names.Count >= CreateIdentityDirectory.Most) return new TooManyDirectories();
            await change.Write("""
                insert into directory.identity_directory (id, organization_id, name, token_hash, token_made_at, created_at, created_by)
                  values (@id, @organization, @name, @hash, @now, @now, @by)
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
            ProvisioningActions.IdentityDirectoryRemoved, command.Origin, command.TypedName?.Trim() ?? "", ct);

    /// <param name="typed">What must be the directory's name; null where nothing had to be typed.</param>
    async Task<Outcome<Done>> Change(OrganizationId organization, IdentityDirectoryId id, string set, byte[]? hash, string action,
        Origin origin, string? typed, CancellationToken ct)
    {
        var outcome = await work.Run<Done>(origin, async change =>
        {
            var values = new { id = id.Value, organization = organization.Value, hash, now = change.Now.UtcDateTime };
            if (await change.Value<string?>(
                "select name from directory.identity_directory where id = @id and organization_id = @organization "
                + "and removed_at is null for update", values) is not { } name) return Unknown;
            if (typed is not null && typed != name) return new DirectoryNameWrong();
            await change.Write($"update directory.identity_directory set {set} where id = @id", values);
            change.WriteAudit(organization, id.Value, action, after: new { name });
            return Done.It;
        }, ct);
        if (outcome.Granted) recent.Forget();
        return outcome;
    }

    /// <summary>Besides control characters, the marks that turn the direction of the text around them,
    /// which make one name look like another.</summary>
    static bool MayStand(char c) => !char.IsControl(c) && !char.IsSurrogate(c)
        && c is not ((>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));
}
