using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Host;

/// <summary>The last release's database and today's program (SPEC R11): three nodes start on it at the same moment, then each is restarted
/// in turn while programs and pages go on at the others.</summary>
[Trait("Rule", "R11")]
[Collection(Programs.Name)]
public sealed class StartOnTheBase : IAsyncLifetime
{
    BaseRelease _base = null!;

    public async Task InitializeAsync() => _base = await BaseRelease.Make(nameof(StartOnTheBase));

    public Task DisposeAsync() => TestDatabase.Drop(_base.Database);

    [Fact]
    public async Task It_starts_keeps_everything_and_its_nodes_are_restarted_in_turn()
    {
        using var alone = await Proof.Alone();
        await using var nodes = new NodeCluster(_base.Database, 3);
        await nodes.Ready();
        await using var here = TestInstallation.On(_base.Database);
        (await here.Rows<string>("select name from kernel.migration")).Order(StringComparer.Ordinal)
            .ShouldBe(Migrator.NamesOf(Modules.All).Order(StringComparer.Ordinal));

        using (var program = Program(nodes.Addresses[0]))
        {
            var first = await program.GetFromJsonAsync<JsonElement>($"/admin/v1/orgs/{_base.Acme}/users?limit=1000");
            first.GetProperty("data").GetArrayLength().ShouldBe(BaseRelease.Managed);
            var found = await program.GetFromJsonAsync<JsonElement>($"/admin/v1/orgs/{_base.Acme}/users?searchTerm=p77@acme.example");
            found.GetProperty("data").EnumerateArray().Select(p => p.GetProperty("email").GetString()).ShouldContain("p77@acme.example");
        }
        (await here.Send(new DirectoryPlatform.Security.ReadPolicies(_base.Acme))).Select(p => (p.Settings.Name, p.Members))
            .ShouldContain(("Contractors", 10L));
        foreach (var address in nodes.Addresses)
        {
            using var browser = Browser(address);
            (await browser.Get($"/o/{_base.Acme}/members")).StatusCode.ShouldBe(HttpStatusCode.OK, "whoever was signed in still is");
            using var other = new SiteVisitor(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }, address: address);
            await other.SignIn(BaseRelease.Admin, BaseRelease.Password);
        }

        var (away, ended, asked) = (-1, false, 0);
        var failures = new List<string>();
        var person = await here.Scalar<Guid>("select id from accounts.account where email = 'p500@acme.example'");
        var load = Task.Run(async () =>
        {
            for (var i = 0; !Volatile.Read(ref ended); i++)
            {
                var node = i % 3 == Volatile.Read(ref away) ? (i + 1) % 3 : i % 3;
                using var program = Program(nodes.Addresses[node]);
                try
                {
                    using var answer = await program.PostAsync(
                        $"/users/{person}/manage/lifecycle/{(i % 2 == 0 ? "disable" : "enable")}", null);
                    if (answer.StatusCode is not HttpStatusCode.NoContent) failures.Add($"{answer.StatusCode} of node {node}");
                }
                catch (HttpRequestException failed) { failures.Add($"{failed.Message} of node {node}"); }
                asked++;
                await Task.Delay(20);
            }
        });
        for (var node = 0; node < 3; node++)
        {
            Volatile.Write(ref away, node);
            await Task.Delay(500); // what was on its way there has arrived
            await nodes.Disturb(node, "stopped", TimeSpan.Zero);
        }
        Volatile.Write(ref ended, true);
        await load;
        failures.ShouldBeEmpty();
        asked.ShouldBeGreaterThan(20);

        var job = await Claim(nodes.Addresses[1]);
        await TestInstallation.Others(async () =>
            await here.Scalar<long>("select count(*) from accounts.account where managed_by is not null") == BaseRelease.People + 2,
            TimeSpan.FromMinutes(1), $"the claim {job} did not end");
        var (exit, said) = await HostProcess.Run(["verify-audit"], ("ConnectionStrings__Directory", _base.Database));
        exit.ShouldBe(0, said);
    }

    HttpClient Program(Uri address) =>
        new() { BaseAddress = address, DefaultRequestHeaders = { Authorization = new("Bearer", _base.Key) } };

    SiteVisitor Browser(Uri address)
    {
        var cookies = new CookieContainer();
        cookies.Add(address, new Cookie("directory-session", _base.Session));
        return new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }, cookies, address);
    }

    async Task<string> Claim(Uri address)
    {
        using var program = Program(address);
        using var answer = await program.PostAsJsonAsync($"/admin/v1/orgs/{_base.Acme}/domains/{_base.Domain}/claim", new { });
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").GetProperty("id").GetString()!;
    }
}
