using MediatR;
using Npgsql;

namespace DirectoryPlatform.Sites.Internal.Organizations;

sealed class ExperienceHandlers(NpgsqlDataSource database, UnitOfWork work)
    : IRequestHandler<ReadExperience, Outcome<Experience>>, IRequestHandler<ChooseExperience, Outcome<Done>>
{
    public async Task<Outcome<Experience>> Handle(ReadExperience query, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select experience from sites.organization where id = $1");
        command.Parameters.Add(new() { Value = query.Organization.Value });
        return await command.ExecuteScalarAsync(ct) is short chosen ? (Experience)chosen : new NotFound("organization");
    }

    public Task<Outcome<Done>> Handle(ChooseExperience command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        if (!Enum.IsDefined(command.Experience)) return new InvalidValue("experience", "Choose one of the two.");
        var values = new { organization = command.Organization.Value, chosen = (short)command.Experience };
        if (await change.Value<short?>("select experience from sites.organization where id = @organization for no key update",
            values) is not { } was) return new NotFound("organization");
        if ((Experience)was == command.Experience) return change.Unchanged();
        await change.Write("update sites.organization set experience = @chosen where id = @organization", values);
        change.WriteAudit(command.Organization, command.Organization.Value, SiteActions.ExperienceChosen,
            new { experience = (Experience)was }, new { experience = command.Experience });
        return Done.It;
    }, ct);
}
