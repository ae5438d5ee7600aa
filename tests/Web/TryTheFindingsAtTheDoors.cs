using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using static System.Net.HttpStatusCode;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// The inputs of <see cref="TryTheFindings"/> that need doors with their own numbers, at one node for all of them: each comes from networks
/// of its own and asks for people of its own.
/// </summary>
public sealed class TryTheFindingsAtTheDoors(TryTheFindingsAtTheDoors.Installed one) : IClassFixture<TryTheFindingsAtTheDoors.Installed>
{
    readonly TestInstallation _here = one.Here;

    /// <summary>Doors with their own numbers, where there are doors.</summary>
    public sealed class Installed() : OneSite(nameof(TryTheFindingsAtTheDoors), services =>
    {
        foreach (var doors in services.Select(s => s.ServiceType).Where(t => t.Name == "DoorSettings").Distinct().ToList())
            services.AddSingleton(doors, Activator.CreateInstance(doors)!);
    });

    [Fact, Trait("Finding", "A6"), Trait("Rule", "S11")]
    public async Task Sign_ups_from_one_address_are_limited()
    {
        using var stranger = one.From("192.0.2.7");
        var token = await stranger.Token("/sign-up");
        var limited = new List<HttpResponseMessage>();
        for (var i = 0; i < 60; i++)
            if (await TryTheFindings.SignUp(stranger, token, $"p{i}@mail.example") is { StatusCode: HttpStatusCode.TooManyRequests } answer)
                limited.Add(answer);
        limited.Count.ShouldBeGreaterThanOrEqualTo(20, "of 60 sign-ups from one address are refused with 429");
        limited.ShouldAllBe(a => a.Headers.Contains("Retry-After"));
        using var elsewhere = one.From("203.0.113.7");
        (await TryTheFindings.SignUp(elsewhere, await elsewhere.Token("/sign-up"), "else@mail.example")).StatusCode.ShouldBe(Redirect);
    }

    [Fact, Trait("Finding", "A7"), Trait("Rule", "C4")]
    public async Task Strangers_do_not_fill_the_list_of_an_organization_nor_move_its_counter()
    {
        var acme = await _here.Organization("acme");
        await _here.VerifiedDomain(acme, "acme.example");
        await _here.Account("liam@acme.example", managedBy: acme);
        for (var i = 0; i < 25; i++)
        {
            using var stranger = one.From($"198.51.100.{i + 1}");
            (await TryTheFindings.SignUp(stranger, await stranger.Token("/sign-up"), $"fake{i}@acme.example")).StatusCode
                .ShouldBe(Redirect);
        }
        await _here.Quiet();
        var managed = await _here.Scalar<long>("select count(*) from accounts.account where email like 'fake%' and managed_by is not null");
        _here.Clock.Pass(TimeSpan.FromMinutes(6)); // Counters are held for some seconds.
        var total = (await _here.Send(new CountManagedAccounts(acme))).Total;
        (managed <= 20, total).ShouldBe((true, 1L), $"{managed} of 25 strangers are managed, and {total} accounts are counted");
    }

    [Fact, Trait("Finding", "A8"), Trait("Rule", "S11")]
    public async Task A_strangers_asking_does_not_void_the_reset_link_in_the_mailbox()
    {
        await _here.Grant(new GivePassword([await _here.Account(TryTheFindings.Owner, "Nora Berg")], TryTheFindings.Password));
        using var owner = one.From("192.0.2.7");
        await owner.Post("/forgot-password", ("Input.Email", TryTheFindings.Owner));
        var token = await TryTheFindings.Link(_here, TryTheFindings.Owner, "/reset-password");
        _here.Clock.Pass(TimeSpan.FromSeconds(70));
        using var stranger = one.From("203.0.113.9");
        await stranger.Post("/forgot-password", ("Input.Email", TryTheFindings.Owner));
        await _here.Quiet();
        using var shown = await owner.Get($"/reset-password?token={token}");
        shown.StatusCode.ShouldBe(OK, "the first link, after somebody else has asked");
        (await TryTheFindings.Follow(owner, "/reset-password", token, ("Input.Password", TryTheFindings.Another))).StatusCode
            .ShouldBe(Redirect);
    }

    [Fact, Trait("Finding", "A9"), Trait("Rule", "S11")]
    public async Task Forgotten_passwords_by_the_hundred_do_not_fill_the_outbox()
    {
        await _here.Quiet();
        using var stranger = one.From("192.0.2.77");
        var token = await stranger.Token("/forgot-password");
        var (refused, requests) = (0, Proof.Size(100, 300));
        for (var i = 0; i < requests; i++)
        {
            using var answer = await stranger.Send("/forgot-password", token, ("Input.Email", $"q{i}@mail.example"));
            if (answer.StatusCode is HttpStatusCode.TooManyRequests) refused++;
        }
        var waiting = await _here.Scalar<long>("select count(*) from kernel.outbox");
        (waiting < 50, refused > requests - 50)
            .ShouldBe((true, true), $"{waiting} facts wait after {requests} requests, of which {refused} were refused");
    }
}
