namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>
/// People of a directory as its provider changes them. Switching off is done first and whatever else the request holds (SPEC P5); the row
/// is written last: until then the provider, which got no answer, says the same again.
/// </summary>
sealed class ScimUserWriting(ProvisioningLock turns, UserDeeds deeds, ReleaseService releasing, OtherIdentities identities,
    IdentityDirectoryReading directories, TimeProvider clock) :
    IRequestHandler<ReplaceScimUser, Outcome<ScimReply>>, IRequestHandler<PatchScimUser, Outcome<ScimReply>>,
    IRequestHandler<DeleteScimUser, Outcome<ScimReply>>
{
    /// <summary>What names a person in a directory; where new values cannot be taken and the person is switched off,
    /// the earlier ones stay.</summary>
    static readonly string[] Names = ["userName", "externalId"];

    public Task<Outcome<ScimReply>> Handle(ReplaceScimUser command, CancellationToken ct) =>
        Change(command.By, command.User, command.IfMatch, command.Wanted, command.Origin, ActiveWish.OfResource(command.Body),
            (_, odd) => ScimResource.User.Read(command.Body, odd), ct);

    public Task<Outcome<ScimReply>> Handle(PatchScimUser command, CancellationToken ct) =>
        Change(command.By, command.User, command.IfMatch, command.Wanted, command.Origin, ActiveWish.OfPatch(command.Body),
            (row, odd) => ScimPatch.Apply(row.Resource, command.Body, ScimResource.User, odd), ct);

    public Task<Outcome<ScimReply>> Handle(DeleteScimUser command, CancellationToken ct) =>
        turns.OfProvider(command.By, [ProvisioningLock.Of(command.User)], UserRows.Of(command.By.Directory.Value, command.User),
            async (lease, found) =>
    {
        if (found is not { } row) return ScimFault.NotFound("user");
        if (!EntityTag.Matches(command.IfMatch, row.Version, row.Mark)) return ScimFault.Version();
        if (await deeds.PutOut(command.By, new(row.Account), command.Origin) is { } refusal) return refusal;
        await releasing.Leave(lease, [new(row.Account)], command.By.Organization, command.Origin, isLast: true, ct);
        return new ScimReply(null);
    }, ct);

    /// <param name="wish">What the request says of <c>active</c>; null for nothing.</param>
    async Task<Outcome<ScimReply>> Change(
        ProvisioningGrant by, Guid id, string? ifMatch, ScimWanted asked, Origin origin, bool? wish,
        Func<UserRow, Oddities, Outcome<JsonObject>> next, CancellationToken ct)
    {
        var wanted = ScimProjection.Read(asked, ScimResource.User);
        if (!wanted.Granted && wish is not false) return wanted.Refusal;
        var show = wanted.Granted ? wanted.Value : ScimProjection.All;
        // As a reader would get it then: what the account has become is asked, not guessed.
        var result = UserRows.Of(by.Directory.Value, id, show.Shows("groups"));
        var look = UserRows.Of(by.Directory.Value, id).And(UserDeeds.ProfileOf(new(id)));
        return await turns.OfProvider(by, [ProvisioningLock.Of(id)], look, async (lease, found) =>
        {
            var odd = new Oddities(everything: wish is false);
            if (found.First is not { } row) return ScimFault.NotFound("user");
            if (!EntityTag.Matches(ifMatch, row.Version, row.Mark)) return ScimFault.Version();
            if (wish is false && await deeds.SwitchOff(by, new(id), origin) is { } stays) return stays;
            var was = ProvidedUser.Read(row.Resource) is { Granted: true, Value: var earlier } ? earlier : null;
            var resource = Oddities.Over(next(row, odd), row.Resource, odd);
            if (!resource.Granted) return resource.Refusal;
            var after = resource.Value;
            if (after["userName"] is null) after["userName"] = row.Resource["userName"]?.DeepClone();
            KeptAsSent.Bound(after, odd);
            after["active"] = wish ?? row.Said;
            var checking = await Read(lease, by, row, was, after, odd, origin, ct);
            if (!checking.Granted) return checking.Refusal;
            var user = checking.Value;
            var applied = await deeds.Apply(by, new(id), found.More, was, user, wish, row.Said, odd, origin);
            if (!applied.Granted && Oddities.Over(applied.Refusal as ScimFault, odd) is { } refusal) return refusal;
            List<string> told =
                [.. applied.Granted ? applied.Value : [], .. wish is false && row.Active ? ["active"] : Array.Empty<string>()];
            // Nothing new moves no version: providers repeat themselves, and others hold tags.
            if (JsonNode.DeepEquals(after, row.Resource)) return Reply(by, await lease.End(result, ct) ?? row, show, odd);
            var changed = row with { Resource = after, Said = user.Active, Version = row.Version + 1, ChangedAt = Now };
            try
            {
                List<NpgsqlBatchCommand> beside =
                    [.. Entry(by, changed, ProvidedUser.OwnChanges(row.Resource, was, after, user, told), origin)];
                if (was?.ExternalId is { } before && user.ExternalId is null)
                    beside.Add(FormerIdentities.Remember(by.Directory.Value, id, before, Now));
                var (written, seen) = await lease.End(UserRows.Update(by.Directory.Value, changed, user), result, beside, ct);
                if (written) return Reply(by, seen ?? changed, show, odd);
            }
            catch (PostgresException taken2)
            when (taken2.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                return ScimFault.Uniqueness("Another user of this directory has this userName or externalId.");
            }
            // Unlinked while this was under way: what was given to the provider a moment ago is taken back.
            await releasing.Release([new(id)], origin);
            return ScimFault.NotFound("user");
        }, ct);
    }

    /// <summary>
    /// What the resource means, once it is clear that it is about this person and nobody else is called so. Of a person who is switched
    /// off, names that cannot be taken are passed over; what is left of
    /// <paramref name="after"/> is what will be kept.
    /// </summary>
    async Task<Outcome<ProvidedUser>> Read(ProvisioningLease lease, ProvisioningGrant by, UserRow row, ProvidedUser? was, JsonObject after,
        Oddities odd, Origin origin, CancellationToken ct)
    {
        var read = ProvidedUser.Read(after);
        // Names that are as they were are nobody else's.
        var fault = !read.Granted ? read.Refusal as ScimFault
            : read.Value.UserName == was?.UserName && read.Value.ExternalId == was.ExternalId ? null
            : await lease.Look(c => UserRows.Taken(c, by.Directory.Value, read.Value, row.Account), ct);
        if (fault is null && read.Value.ExternalId is { } external && !row.Active
            && (was?.ExternalId ?? await lease.Look(c => FormerIdentities.Of(c, by.Directory.Value, row.Account), ct)) is { } known
            && known != external)
            // Whoever is off and comes back under another id is somebody else until an admin says otherwise (SPEC A16).
            fault = odd.Everything ? OtherIdentities.Fault : await Meet(lease, by, row, known, read.Value, origin, ct);
        if (Oddities.Over(fault, odd) is { } refusal) return refusal;
        if (fault is null) return read;
        foreach (var name in Names)
            if (row.Resource[name] is { } earlier) after[name] = earlier.DeepClone();
            else after.Remove(name);
        return ProvidedUser.Read(after);
    }

    async Task<ScimFault?> Meet(ProvisioningLease lease, ProvisioningGrant by, UserRow row, string known, ProvidedUser user, Origin origin,
        CancellationToken ct)
    {
        var met = await identities.Meet(lease, by, new(row.Account), known, user, linked: true, origin, ct);
        if (!met.Granted) return met.Refusal as ScimFault ?? new ScimFault(403, null, met.Refusal.Sentence);
        return met.Value is not Met.Separated ? null : ScimFault.Uniqueness(
            "The account was another person's and has lost the address. Create this person again.");
    }

    /// <summary>What the provider keeps of its own changed: names of attributes alone, because their values may be personal.</summary>
    static IEnumerable<NpgsqlBatchCommand> Entry(ProvisioningGrant by, UserRow row, IReadOnlyList<string> attributes, Origin origin) =>
        attributes.Count == 0 ? [] :
        [
            AuditLog.Insert([new(Guid.CreateVersion7(row.ChangedAt), row.ChangedAt, by.Organization.Value, origin, row.Account,
                ProvisioningActions.ProviderRecordChanged,
                After: KernelJson.Write(new { attributes = string.Join(", ", attributes) }))]),
        ];

    ScimReply Reply(ProvisioningGrant by, UserRow row, ScimProjection show, Oddities odd) =>
        odd.Beside(ScimUserReading.Shape(row, directories.BaseUrl(by.Directory.Value), show));

    /// <summary>As the database keeps it, so that the first answer says what later ones say.</summary>
    DateTimeOffset Now => clock.ToTheMicrosecond();
}

static class DatabaseTime
{
    public static DateTimeOffset ToTheMicrosecond(this TimeProvider clock) => clock.GetUtcNow().ToTheMicrosecond();

    public static DateTimeOffset ToTheMicrosecond(this DateTimeOffset time) =>
        time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
