using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Web;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Host.Demo;

/// <summary>The demo's organizations and people (SPEC R3), made through the same commands as everybody's.</summary>
static class DemoData
{
    const string Password = "demo-password";
    const string Marker = "demo";

    /// <summary>What the marker says: until the last row is there, nobody has been let in.</summary>
    const string Begun = "begun", Whole = "made";

    const int More = 200;

    public static DemoSignIns SignIns { get; } = new(Password, (Northwind.Admin, "admin of Northwind, 1,240 people"),
        ("ada@acme.example", "admin of Acme and Globex: the first lesson"), ("liam@acme.example", "a managed person"));

    static string SignInHint { get; } =
        $"Sign in as {string.Join(" or ", SignIns.People.Select(p => $"{p.Email} ({p.Who})"))}. Everyone's password is {Password}.";

    /// <summary>Yes on an empty embedded database, and wherever the demo's data was made before.</summary>
    public static async Task<bool> IsDefault(Installation installation)
    {
        await using var database = NpgsqlDataSource.Create(installation.ConnectionString);
        if (await BeganHere(database)) return true;
        await using var isEmpty =
            database.CreateCommand("select not exists (select from sites.organization) and not exists (select from accounts.account)");
        return installation.IsEmbedded && (bool)(await isEmpty.ExecuteScalarAsync())!;
    }

    /// <summary>Whether the data was made as a demo's, by whatever version:
    /// it stands in the database, so that it holds of a restored backup, too.</summary>
    public static async Task<bool> BeganHere(NpgsqlDataSource database) => await new Remembered(database).Read(Marker) is not null;

    public static async Task<string?> Hint(IServiceProvider services) =>
        await services.GetRequiredService<Remembered>().Read(Marker) is not null ? SignInHint : null;

    /// <summary>Once per installation, whichever node comes first; never on one that has an organization already.</summary>
    /// <param name="before">What comes before the lesson's organizations, with the password of all; null for nothing.</param>
    public static async Task Ensure(IServiceProvider services, Func<string, Task>? before = null)
    {
        var mediator = services.GetRequiredService<IMediator>();
        if (await mediator.Send(new IsThereAnyOrganization()) || !await services.GetRequiredService<Remembered>().WriteOnce(Marker, Begun))
            return;
        Console.WriteLine("Making the demo's organizations and people.");
        if (before is not null) await before(Password);
        var (acme, globex) = (await Organization(mediator, "acme", "Acme"), await Organization(mediator, "globex", "Globex"));
        var ada = await Person(mediator, "ada@acme.example", "Ada Admin");
        var gus = await Person(mediator, "gus@globex.example", "Gus Globex");
        var liam = await Person(mediator, "liam@acme.example", "Liam Novak");
        AccountId[] others = [await Person(mediator, "jane@acme.example", "Jane Doe"),
            await Person(mediator, "jane@mail.example", "Jane Doe")];
        foreach (var (admin, organization) in ((AccountId, OrganizationId)[])[(ada, acme), (ada, globex), (gus, globex)])
            Expect(await mediator.Send(new AppointOrganizationAdmin(admin, organization, Origin)));
        Expect(await mediator.Send(new GivePassword([ada, gus, liam, .. others], Password)));
        await mediator.Send(new SeedAccounts(new Population("acme.example", Seed: 7), More, Origin,
            async ids => Expect(await mediator.Send(new GivePassword(ids, Password)))));
        await mediator.Send(new SeedAccounts(new Population("globex.example", Seed: 7), More / 4, Origin,
            async ids => Expect(await mediator.Send(new GivePassword(ids, Password)))));
        await Verified(mediator, acme, "acme.example");
        Expect(await mediator.Send(new AddDomain(globex, "globex.example", Origin)));
        Expect(await mediator.Send(new ClaimAccount(liam, acme, "acme.example", true, Origin)));
        await DemoSites.Make(mediator, acme, others[0]);
        await services.GetRequiredService<Remembered>().Write(Marker, Whole);
    }

    /// <summary>Makes room for the demo to be made again where a process was killed while it made it. On an external database another node
    /// may be at it, so there it is only said.</summary>
    /// <exception cref="StartRefused">It cannot be made again here.</exception>
    public static async Task ClearHalfMade(Installation installation, CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create(installation.ConnectionString);
        if (await new Remembered(database).Read(Marker) is not Begun) return;
        if (!installation.OwnsServer)
            throw new StartRefused("The demo's data is being made by another node, or one was killed while it made it. Start again when "
                + "that node answers; if there is none, name an empty database in ConnectionStrings__Directory.");
        Console.WriteLine("The demo was not made to its end: it is made again.");
        await database.Write("""
            do $$ declare schema text; begin
              for schema in select nspname from pg_namespace
                where nspname !~ '^pg_' and nspname not in ('public', 'information_schema') loop
                execute format('drop schema %I cascade', schema);
              end loop;
            end $$
            """, ct: ct);
        await Modules.Migrate(installation.ConnectionString, ct);
    }

    static readonly Origin Origin = new(null, "demo");

    static async Task<OrganizationId> Organization(IMediator mediator, string slug, string name) =>
        Expect(await mediator.Send(new CreateOrganization(new(Guid.CreateVersion7()), slug, name, Origin))).Id;

    static async Task<AccountId> Person(IMediator mediator, string email, string name) =>
        Expect(await mediator.Send(new SignUpAccount(new(Guid.CreateVersion7()), EmailAddress.Trusted(email), name, Verified: true,
            ClaimFor: null, Origin))).Account;

    /// <summary>The long way round, as an admin would: add, publish, verify. Claiming is left to whoever tries the wizard.</summary>
    static async Task Verified(IMediator mediator, OrganizationId organization, string domain)
    {
        var id = Expect(await mediator.Send(new AddDomain(organization, domain, Origin)));
        var view = Expect(await mediator.Send(new ReadDomain(organization, id)));
        Expect(await mediator.Send(new AddDemoRecord(view.DnsName, "TXT", view.DnsValue)));
        Expect(await mediator.Send(new VerifyDomain(organization, id, ProofMethod.Dns, Origin)));
    }

    static T Expect<T>(Outcome<T> outcome) where T : notnull =>
        outcome.Granted
            ? outcome.Value
            : throw new InvalidOperationException($"The demo's data could not be made: {outcome.Refusal.Sentence}");
}
