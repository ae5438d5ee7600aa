using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace DirectoryPlatform.Tests.Host;

/// <summary>
/// The database of the last release, made by its own migrations (SPEC R11): <c>base-migrations.txt</c> has their names and digests,
/// <c>base-data.sql</c> what is in it. Until the first tagged release that is what stood when this was written.
/// </summary>
sealed record BaseRelease(string Database, OrganizationId Acme, AccountId Ada, DomainId Domain, string Session, string Key)
{
    public const string Admin = "ada@acme.example", Password = "violet lantern orbit";

    public const int People = 1_000, Managed = 600, Deactivated = 50;

    static string At(string file) => Path.Combine(Checkout.Root.FullName, "tests", "Host", file);

    /// <summary>By name, each with the digest of its text.</summary>
    public static IReadOnlyDictionary<string, string> Migrations { get; } = File.ReadAllLines(At("base-migrations.txt"))
        .Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => parts[1]);

    public static async Task<BaseRelease> Make(string name)
    {
        var database = await TestDatabase.Fresh(name, async connection =>
            await Migrator.Migrate(connection, Modules.All, Migrations.ContainsKey, default));
        var made = new BaseRelease(database, new(Guid.CreateVersion7()), new(Guid.CreateVersion7()), new(Guid.CreateVersion7()),
            RandomToken.New(), TokenText.New(TokenText.Key));
        var hasher = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }));
        await using var here = Npgsql.NpgsqlDataSource.Create(database);
        await here.Write(await File.ReadAllTextAsync(At("base-data.sql")), new
        {
            acme = made.Acme.Value,
            domain = made.Domain.Value,
            ada = made.Ada.Value,
            second = Guid.CreateVersion7(),
            hash = hasher.HashPassword(new(), Password),
            session = RandomToken.HashOf(made.Session),
            key = TokenText.HashOf(made.Key),
        }, default);
        return made;
    }
}
