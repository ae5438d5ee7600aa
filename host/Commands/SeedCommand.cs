using System.CommandLine;
using System.Diagnostics;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using MediatR;

namespace DirectoryPlatform.Host.Commands;

/// <summary><c>seed</c>: a made-up population to try large numbers with (SPEC R5).</summary>
static class SeedCommand
{
    public static Command Define(Option<DirectoryInfo> data)
    {
        var accounts = new Option<int>("--accounts") { Description = "How many accounts to create", Required = true };
        var domain = new Option<string>("--domain") { Description = "Their email domain", Required = true };
        var org = new Option<string>("--org")
        {
            Description = "Short name of the organization; created with the admin admin@DOMAIN when there is none",
            Required = true
        };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same population", DefaultValueFactory = _ => 1 };
        var password =
            new Option<string?>("--password") { Description = "Password of all created accounts; without it none of them can sign in" };
        accounts.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<int>() is < 1 or > 10_000_000) r.AddError("--accounts takes 1 to 10,000,000.");
        });
        var command = new Command("seed", "Create made-up accounts: the same arguments give the same population.") { accounts, domain, org,
            seed, password };
        command.SetAction(async (p, ct) =>
        {
            await using var installation = await Installation.Open(CommandLine.Configuration(), p.GetValue(data)!, ct);
            // The modules without their background work: a command does its own thing and ends.
            await using var services = new ServiceCollection().AddLogging().AddModules(
                CommandLine.Configuration(), installation.ConnectionString, ownsDatabase: false, demo: false, new("http://localhost:5080"))
                    .BuildServiceProvider();
            return await Run(services.GetRequiredService<IMediator>(), p.GetValue(accounts), p.GetValue(domain)!, p.GetValue(org)!,
                p.GetValue(seed), p.GetValue(password), ct);
        });
        return command;
    }

    static async Task<int> Run(IMediator mediator, int accounts, string domain, string org, int seed, string? password,
        CancellationToken ct)
    {
        var name = DomainName.Normalise(domain);
        if (!name.Granted) return Refuse(name.Refusal);
        var origin = new Origin(null, "command line");
        if (await Organization(mediator, org, name.Value, password, origin, ct) is { } refusal) return Refuse(refusal);
        var (watch, written) = (Stopwatch.StartNew(), 0L);
        var added = await mediator.Send(new SeedAccounts(new Population(name.Value, seed), accounts, origin, async ids =>
        {
            if (password is not null) await mediator.Send(new GivePassword(ids, password), ct);
            var so = Interlocked.Add(ref written, ids.Count);
            Console.WriteLine($"  {so:N0} of {accounts:N0} ({so / watch.Elapsed.TotalSeconds:N0} a second)");
        }), ct);
        Console.WriteLine($"{added:N0} accounts added on {name.Value}, {accounts - added:N0} were there already.");
        return 0;
    }

    static async Task<Refusal?> Organization(IMediator mediator, string slug, string domain, string? password, Origin origin,
        CancellationToken ct)
    {
        if (await mediator.Send(new FindOrganization(slug), ct) is not null) return null;
        var (organization, admin) = (new OrganizationId(Guid.CreateVersion7()), new AccountId(Guid.CreateVersion7()));
        var created = await mediator.Send(new CreateOrganization(organization, slug, slug, origin), ct);
        if (!created.Granted) return created.Refusal;
        if (password is not null && (await mediator.Send(new GivePassword([admin], password), ct)).Refusal is { } weak) return weak;
        var signedUp =
            await mediator.Send(new SignUpAccount(admin, EmailAddress.Trusted($"admin@{domain}"), $"{slug} admin", true, null, origin), ct);
        if (!signedUp.Granted) return signedUp.Refusal;
        Console.WriteLine($"Organization {slug} created. Its admin is admin@{domain}.");
        return (await mediator.Send(new AppointOrganizationAdmin(admin, organization, origin), ct)).Refusal;
    }

    static int Refuse(Refusal refusal)
    {
        Console.Error.WriteLine(refusal.Sentence);
        return 1;
    }
}
