using MediatR;

namespace DirectoryPlatform.Sites.Internal.Organizations;

sealed class RenameOrganizationHandler(UnitOfWork work) : IRequestHandler<RenameOrganization, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(RenameOrganization command, CancellationToken ct)
    {
        var name = PlainText.ReadName(command.Name, "name");
        if (!name.Granted) return name.Refusal;
        return await work.Run<Done>(command.Origin, async change =>
        {
            var values = new { organization = command.Organization.Value, name = name.Value };
            if (await change.Value<string>("select name from sites.organization where id = @organization for no key update", values) is not
                {
                } was) return new NotFound("organization");
            if (was == name.Value) return change.Unchanged();
            await change.Write("update sites.organization set name = @name where id = @organization", values);
            change.WriteAudit(command.Organization, command.Organization.Value, SiteActions.OrganizationRenamed, new { name = was },
                new { name = name.Value });
            return Done.It;
        }, ct);
    }
}
