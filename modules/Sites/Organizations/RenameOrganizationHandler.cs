using DirectoryPlatform.Kernel;
using DirectoryPlatform.Kernel.Names;
using DirectoryPlatform.Sites.Storage;
using MediatR;

namespace DirectoryPlatform.Sites.Organizations;

sealed class RenameOrganizationHandler(SiteTurns turns) : IRequestHandler<RenameOrganization, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(RenameOrganization command, CancellationToken ct)
    {
        var name = PlainText.ReadName(command.Name, "name");
        if (!name.Granted) return name.Refusal;
        return await turns.Do<Done>(command.Origin, async turn =>
        {
            var values = new { organization = command.Organization.Value, name = name.Value };
            if (await turn.Value<string>("select name from sites.organization where id = @organization for no key update", values) is not
                {
                } was) return new NotFound("organization");
            if (was == name.Value) return Done.It;
            await turn.Write("update sites.organization set name = @name where id = @organization", values);
            turn.Audit(command.Organization, command.Organization.Value, "OrganizationRenamed", new { name = was },
                new { name = name.Value });
            return Done.It;
        }, ct);
    }
}
