namespace DirectoryPlatform.Sites.Internal.Organizations;

sealed class DeleteOrganizationHandler(UnitOfWork work, IMediator mediator, IEnumerable<IDeleteOrganizationData> rooms)
    : IRequestHandler<WeighOrganization, Outcome<OrganizationWeight>>, IRequestHandler<DeleteOrganization, Outcome<Done>>
{
    public async Task<Outcome<OrganizationWeight>> Handle(WeighOrganization query, CancellationToken ct)
    {
        if (await mediator.Send(new ReadOrganizations([query.Organization]), ct) is not [var organization])
            return new NotFound("organization");
        var groups = await work.Look(Origin.Schedule, change =>
            change.Value<long>("select count(*) from sites.grp where organization_id = @id", new { id = query.Organization.Value }), ct);
        return new OrganizationWeight(organization, await InTheWay(query.Organization, ct),
            (await mediator.Send(new WhoAdministers(query.Organization), ct)).Count, groups);
    }

    public async Task<Outcome<Done>> Handle(DeleteOrganization command, CancellationToken ct) =>
        await work.Run<Done>(command.Origin, async change =>
        {
            // Locked: a site or a group that is being added waits, and then finds no organization.
            if (await change.Value<string>("select name from sites.organization where id = @id for update",
                new { id = command.Organization.Value }) is not { } name) return new NotFound("organization");
            if (PlainText.Normalise(command.TypedName) != PlainText.Normalise(name))
                return new InvalidValue("typedName", $"Type {name} to confirm.");
            if (await InTheWay(command.Organization, ct) is [var first, ..]) return new OrganizationInUse(first);
            await change.Run(rooms.SelectMany(r => r.Forget(command.Organization)), ct);
            await change.Write("delete from sites.organization where id = @id", new { id = command.Organization.Value });
            change.WriteAudit(command.Organization, command.Organization.Value, SiteActions.OrganizationDeleted, before: new { name });
            change.Publish(command.Organization.Value,
                new OrganizationDeleted(command.Organization, change.Now, command.Origin.Actor));
            return Done.It;
        }, ct);

    async Task<IReadOnlyList<string>> InTheWay(OrganizationId organization, CancellationToken ct)
    {
        var found = new List<string>();
        if ((await mediator.Send(new ReadDomains(organization), ct)).Count > 0)
            found.Add("It still has domains. Remove them first. Their accounts will be unclaimed.");
        if (await mediator.Send(new ManagesAnybody(organization), ct)) found.Add("It still manages accounts. Unclaim them first.");
        if ((await mediator.Send(new ReadSites(organization), ct)).Count > 0) found.Add("It still has sites. Remove them first.");
        if ((await mediator.Send(new ListJobs(organization.Value, Size: 1) { Ended = false }, ct)).Value.Rows.Count > 0)
            found.Add("A job is still running. Wait until it ends, or cancel it.");
        return found;
    }
}
