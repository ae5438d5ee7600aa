using DirectoryPlatform.Kernel;
using DirectoryPlatform.Sites.Storage;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Sites.Organizations;

sealed class ExperienceHandlers(NpgsqlDataSource database, SiteTurns turns)
    : IRequestHandler<ReadExperience, Outcome<Experience>>, IRequestHandler<ChooseExperience, Outcome<Done>>
{
    public async Task<Outcome<Experience>> Handle(ReadExperience query, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select experience from sites.organization where id = $1");
        command.Parameters.Add(new() { Value = query.Organization.Value });
        return await command.ExecuteScalarAsync(ct) is short chosen ? (Experience)chosen : new NotFound("organization");
    }

    public Task<Outcome<Done>> Handle(ChooseExperience command, CancellationToken ct) => turns.Do<Done>(command.Origin, async turn =>
    {
        if (!Enum.IsDefined(command.Experience)) return new InvalidValue("experience", "Choose one of the two.");
        var values = new { organization = command.Organization.Value, chosen = (short)command.Experience };
        if (await turn.Value<short?>("select experience from sites.organization where id = @organization for no key update",
            values) is not { } was) return new NotFound("organization");
        if ((Experience)was == command.Experience) return Done.It;
        await turn.Write("update sites.organization set experience = @chosen where id = @organization", values);
        turn.Audit(command.Organization, command.Organization.Value, "ExperienceChosen", new { experience = (Experience)was },
            new { experience = command.Experience });
        return Done.It;
    }, ct);
}
