using Microsoft.AspNetCore.Http;

namespace DirectoryPlatform.Tests.Browser.Domains;

/// <summary>From an installation that nobody has set up to the first look at a domain, as an operator meets it who has changed no setting of the looks.</summary>
[Collection(OneLab.Name)]
public sealed class BeginWithNothing(Lab lab, FirstVisit visit) : IClassFixture<FirstVisit>
{
    [Fact, Trait("Rule", "R4")]
    public Task The_first_visit_sets_the_installation_up_with_the_code_from_the_console() => visit.To(lab);

    [Fact, Trait("Rule", "D6")]
    public async Task Without_the_lab_setting_an_inner_address_is_never_dialled()
    {
        await visit.To(lab);
        lab.Answer = (_, http) => http.Response.WriteAsync("never asked");
        var before = lab.Site.Requests;
        var installation = await lab.Bare.Value;
        await Journey.Through(installation, async go =>
        {
            var admin = await go.Somebody();
            await admin.Enter(installation, FirstVisit.Email);
            await lab.VerifyOverHttps(admin, $"/o/{await installation.Query("select id from sites.organization")}");
            await admin.Sees("web.test leads to 127.0.0.1, which is not a public address");
            await admin.Sees("Not verified");
        });
        lab.Site.Requests.ShouldBe(before);
    }
}

/// <summary>Happens once, whichever test comes first; each of them fails when it did.</summary>
public sealed class FirstVisit
{
    public const string Email = "fay@first.test";

    Task? _visit;

    public Task To(Lab lab) => _visit ??= Visit(lab);

    static async Task Visit(Lab lab)
    {
        var installation = await lab.Bare.Value;
        await Journey.Through(installation, async go =>
        {
            var first = await go.Somebody();
            await first.GotoAsync("/");
            await first.Sees("Nobody has an account here yet");
            await first.Fill("Set-up code", "AAAA-BBBB-CCCC");
            await first.Fill("Organization", "First Company");
            await first.Fill("Your full name", "Fay First");
            await first.Fill("Your email address", Email);
            await first.Fill("Password", "violet lantern orbit");
            await first.Click("Set up");
            await first.Sees("This is not the code");
            (await first.GetByLabel("Your full name").InputValueAsync()).ShouldBe("Fay First");

            string? Told() => installation.Said.Split('\n').FirstOrDefault(line => line.StartsWith("Setup code", StringComparison.Ordinal));
            await Patience.Until(() => Task.FromResult(Told() is not null));
            await first.Fill("Set-up code", Told()!.Split(' ')[^1].Trim());
            await first.Fill("Password", "violet lantern orbit");
            await first.Click("Set up");
            await first.Sees("Everything is set up");
            await first.SignInAsAdmin(Email, "violet lantern orbit");
            await first.Sees("First Company");
            (await first.GotoAsync("/setup"))!.Status.ShouldBe(404);
        });
    }
}
