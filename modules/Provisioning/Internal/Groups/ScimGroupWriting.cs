namespace DirectoryPlatform.Provisioning.Internal.Groups;

/// <summary>Groups of a directory as its provider makes and changes them: the group, its members and the provider's own row in one
/// transaction, which the group's row lock makes follow the one before.</summary>
sealed class ScimGroupWriting(IMediator mediator, ProvisioningLock turns, NpgsqlDataSource database, ScimGroupReading reading) :
    IRequestHandler<CreateScimGroup, Outcome<ScimReply>>, IRequestHandler<ReplaceScimGroup, Outcome<ScimReply>>,
    IRequestHandler<PatchScimGroup, Outcome<ScimReply>>, IRequestHandler<DeleteScimGroup, Outcome<ScimReply>>
{
    const int MostTries = 5;

    public async Task<Outcome<ScimReply>> Handle(CreateScimGroup command, CancellationToken ct)
    {
        var odd = new List<string>();
        var sent = Read(command.Body, command.Wanted, odd);
        if (!sent.Granted) return sent.Refusal;
        var (wanted, resource, members) = sent.Value;
        var names = Names(resource, null);
        if (!names.Granted) return names.Refusal;
        var (name, external) = names.Value;
        var directory = command.By.Directory.Value;
        GroupOfProvider? row = null;
        var made = await turns.InPlaceOfProvider(command.By,
            () => mediator.Send(new ProvideGroup(command.By.Organization, By(command.By), name, command.Origin, async group =>
        {
            if (await Strangers(group.Connection, directory, members) is { } nobody) return nobody;
            // Locked, so that the directory is not removed, and its groups given back, behind our back.
            if (await group.Connection.ExecuteScalarAsync<bool>(
                "select true from directory.identity_directory where id = @directory and removed_at is null for share", new { directory })
                is false) return ScimFault.NotFound("directory");
            if (await group.Connection.ExecuteAsync("""
                insert into directory.provisioned_group (directory_id, group_id, display_name, external_id, created_at, changed_at)
                  values (@directory, @group, @name, @external, @now, @now) on conflict do nothing
                """, new { directory, group = group.Group.Value, name, external, now = group.Now.UtcDateTime }) == 0)
                return ExternalIdTaken;
            await group.Add(members);
            var now = group.Now.ToTheMicrosecond();
            row = new(group.Group.Value, name, external, 1, now, now);
            return null;
        }), ct), ct);
        return made.Granted ? await Answer(command.By, row!, wanted, odd, ct) : Fault(made.Refusal);
    }

    public async Task<Outcome<ScimReply>> Handle(ReplaceScimGroup command, CancellationToken ct)
    {
        var odd = new List<string>();
        var sent = Read(command.Body, command.Wanted, odd);
        if (!sent.Granted) return sent.Refusal;
        var (wanted, resource, members) = sent.Value;
        var named = MembersIn(command.Body).Any(m => m.ValueKind is not JsonValueKind.Null);
        var outcome = await Change(command.By, command.Group, command.IfMatch, command.Origin, _ => resource,
            named ? [.. MemberSteps.Replacing(members)] : [], ct);
        return outcome.Granted ? await Answer(command.By, outcome.Value, wanted, odd, ct) : outcome.Refusal;
    }

    public async Task<Outcome<ScimReply>> Handle(PatchScimGroup command, CancellationToken ct)
    {
        var odd = new List<string>();
        var wanted = ScimProjection.Read(command.Wanted, ScimResource.Group);
        if (!wanted.Granted) return wanted.Refusal;
        var operations = ScimOperation.ReadAll(command.Body, ScimResource.Group, odd);
        if (!operations.Granted) return operations.Refusal;
        var (own, steps) = (new List<ScimOperation>(), new List<MemberStep>());
        foreach (var operation in operations.Value)
        {
            if (operation.Target.Attribute?.Name != "members")
            {
                own.Add(operation);
                continue;
            }
            var step = MemberSteps.Of(operation, odd);
            if (!step.Granted) return step.Refusal;
            steps.AddRange(step.Value);
        }
        var outcome = await Change(command.By, command.Group, command.IfMatch, command.Origin,
            now => ScimPatch.Apply(now, own, ScimResource.Group, odd), steps, ct);
        if (!outcome.Granted) return outcome.Refusal;
        return wanted.Value == ScimProjection.All && await IsGreat(command.Group, ct)
            ? new ScimReply(null, new ScimMeta(default, default, outcome.Value.Version, "").ETag, Odd: Told(odd))
            : await Answer(command.By, outcome.Value, wanted.Value, odd, ct);
    }

    public async Task<Outcome<ScimReply>> Handle(DeleteScimGroup command, CancellationToken ct)
    {
        var deleted = await Turn(command.By, command.Group, command.Origin, async group =>
        {
            if (await GroupRows.Of(group.Connection, command.By.Directory.Value, command.Group) is not { } row)
                return ScimFault.NotFound("group");
            if (!EntityTag.Matches(command.IfMatch, row.Version)) return ScimFault.Version();
            await group.Delete();
            await group.Connection.ExecuteAsync("delete from directory.provisioned_group where group_id = @Group", new { command.Group });
            return null;
        }, ct);
        return deleted.Granted ? new ScimReply(null) : Fault(deleted.Refusal);
    }

    /// <param name="Wanted">What the answer shows.</param>
    sealed record SentGroup(ScimProjection Wanted, JsonObject Resource, IReadOnlyList<Guid> Members);

    /// <summary>A whole group, as a provider sends it.</summary>
    static Outcome<SentGroup> Read(JsonElement body, ScimWanted wanted, List<string> odd)
    {
        var projection = ScimProjection.Read(wanted, ScimResource.Group);
        if (!projection.Granted) return projection.Refusal;
        if (MembersIn(body).Select(MemberSteps.Unnamed).FirstOrDefault(f => f is not null) is { } unnamed) return unnamed;
        var resource = ScimResource.Group.Read(body, odd);
        if (!resource.Granted) return resource.Refusal;
        return MemberSteps.Ids(resource.Value["members"]).Map(members => new SentGroup(projection.Value, resource.Value, members));
    }

    /// <summary>As they were sent: what is read of them knows no difference between a list that is empty and one that is not there.
    /// </summary>
    static IEnumerable<JsonElement> MembersIn(JsonElement body) => ScimResource.Group.MembersOf(body)
        .Where(p => ScimResource.Group.Find(p.Name) is { Attribute.Name: "members" }).Select(p => p.Value);

    /// <param name="next">The provider's own row after what it is now.</param>
    /// <returns>The row as it is then.</returns>
    async Task<Outcome<GroupOfProvider>> Change(ProvisioningGrant by, Guid id, string? ifMatch, Origin origin,
        Func<JsonObject, Outcome<JsonObject>> next, IReadOnlyList<MemberStep> steps, CancellationToken ct)
    {
        GroupOfProvider? after = null;
        try
        {
            var done = await Turn(by, id, origin, async group =>
            {
                if (await GroupRows.Of(group.Connection, by.Directory.Value, id) is not { } row) return ScimFault.NotFound("group");
                if (!EntityTag.Matches(ifMatch, row.Version)) return ScimFault.Version();
                var resource = next(row.Resource);
                if (!resource.Granted) return resource.Refusal;
                // All before any is written, so that whoever is unlinked at this moment is waited for
                // while nothing is locked that the unlinking wants.
                if (await Strangers(group.Connection, by.Directory.Value,
                    [.. steps.Where(s => s.Deed is MemberAction.Add).SelectMany(s => s.People)]) is { } nobody) return nobody;
                var names = Names(resource.Value, row);
                if (!names.Granted) return names.Refusal;
                after = row with { DisplayName = names.Value.DisplayName, ExternalId = names.Value.ExternalId };
                if (after.DisplayName != row.DisplayName && await group.Rename(after.DisplayName) is { } refusal) return refusal;
                if (after.ExternalId != row.ExternalId) group.NoteExternalId(row.ExternalId, after.ExternalId);
                foreach (var step in steps) await step.On(group);
                // Nothing new moves no version: providers repeat themselves, and others hold tags.
                if (after == row && !group.Changed) return null;
                after = after with { Version = row.Version + 1, ChangedAt = group.Now.ToTheMicrosecond() };
                group.Queue(Statement.Of("""
                    update directory.provisioned_group set display_name = $1, external_id = $2::text, version = $3, changed_at = $4
                      where group_id = $5
                    """, after.DisplayName, after.ExternalId, after.Version, after.ChangedAt.UtcDateTime, after.Id));
                return null;
            }, ct);
            return done.Granted ? after! : Fault(done.Refusal);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation) { return ExternalIdTaken; }
    }

    /// <summary>Whoever takes people out of their groups meanwhile locks rows of many groups; of two that wait for each other PostgreSQL
    /// breaks one off, and it begins again.</summary>
    Task<Outcome<Done>> Turn(ProvisioningGrant by, Guid id, Origin origin, Func<ProvidedGroupTurn, Task<Refusal?>> decide,
        CancellationToken ct) => turns.InPlaceOfProvider(by, async () =>
    {
        for (var tries = 1; ; tries++)
        {
            try { return await mediator.Send(new ChangeProvidedGroup(by.Organization, By(by), new(id), origin, decide), ct); }
            catch (PostgresException circle) when (circle.SqlState == PostgresErrorCodes.DeadlockDetected && tries < MostTries) { }
        }
    }, ct);

    /// <summary>The first who is nobody of the directory; the others stay in it until the transaction ends.</summary>
    static async Task<ScimFault?> Strangers(NpgsqlConnection connection, Guid directory, IReadOnlyCollection<Guid> people)
    {
        if (people.Count == 0) return null;
        var known = (
            await connection
            .QueryAsync<Guid>(
                "select account_id from directory.provisioned_user where directory_id = @directory and account_id = any(@people) "
                + "and not leaving order by account_id for share",
            new { directory, people = people.Distinct().ToArray() })).ToHashSet();
        return people.Where(p => !known.Contains(p)).Select(p => MemberSteps.Nobody($"{p}")).FirstOrDefault();
    }

    async Task<bool> IsGreat(Guid group, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await GroupRows.HasMoreThan(connection, group, PatchScimGroup.MostShown);
    }

    /// <param name="group">As its change has written it, while its row was locked.</param>
    async Task<ScimReply> Answer(ProvisioningGrant by, GroupOfProvider group, ScimProjection wanted, List<string> odd, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await reading.Reply(connection, by, group, wanted) with { Odd = Told(odd) };
    }

    static GroupProvider By(ProvisioningGrant by) => new(by.Directory.Value, by.Name);

    sealed record GroupNames(string DisplayName, string? ExternalId);

    /// <summary>What is blank is no externalId, and what no index holds is refused, as of a person. What is as it was stays.</summary>
    /// <param name="was">Null for a new group.</param>
    static Outcome<GroupNames> Names(JsonObject resource, GroupOfProvider? was)
    {
        var (name, external) = (Text(resource, "displayName")!, Text(resource, "externalId"));
        // Kept as sent, and so with the marks that its length as a name does not count.
        if (name != was?.DisplayName && name.Length > KeptAsSent.MostText)
            return ScimFault.Value($"displayName has more than {KeptAsSent.MostText} characters.");
        if (external == was?.ExternalId) return new GroupNames(name, external);
        external = string.IsNullOrWhiteSpace(external) ? null : external.Trim();
        return external?.Length > ProvidedUser.MaxName
            ? ScimFault.Value($"externalId has more than {ProvidedUser.MaxName} characters.")
            : new GroupNames(name, external);
    }

    static string? Text(JsonObject resource, string name) => resource[name]?.GetValue<string>();

    static string? Told(List<string> odd) =>
        odd.Count == 0 ? null : $"Ignored, because no schema defines it: {string.Join(", ", odd.Distinct())}.";

    static ScimFault ExternalIdTaken => ScimFault.Uniqueness("Another group of this directory has this externalId.");

    /// <summary>Whatever the organization's groups refuse, in the protocol's words.</summary>
    static ScimFault Fault(Refusal refusal) => refusal switch
    {
        ScimFault fault => fault,
        GroupNameTaken => ScimFault.Uniqueness(
            "The organization already has a group with this name. Rename or delete that one, or give this one another name."),
        InvalidValue => ScimFault.Value($"displayName: {refusal.Sentence}"),
        NotFound => ScimFault.NotFound("group"),
        _ => new(403, null, refusal.Sentence),
    };
}
