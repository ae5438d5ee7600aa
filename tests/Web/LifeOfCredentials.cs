using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Xunit.Abstractions;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// Every kind of credential, on two nodes: it works, then something happens to the account or to it, and it is refused on both nodes within
/// a second; or it goes on working, where that is the rule (SPEC A9, A3, A5, C5, M6, M7, M8, S5, S6). It is asked for all the while, so
/// that what the gate remembers is as fresh as can be when it happens.
/// </summary>
[Trait("Rule", "A9"), Trait("Rule", "M6"), Trait("Rule", "M8")]
[Collection(Alone.Name)]
public sealed class LifeOfCredentials(ITestOutputHelper output) : OnInstallation
{
    const string Password = "correct horse";
    static readonly TimeSpan AtMost = TimeSpan.FromSeconds(1);

    /// <summary>Between two looks: none when whole, where one pair has the machine to itself.</summary>
    static readonly TimeSpan Pause = Proof.Size(TimeSpan.FromMilliseconds(40), TimeSpan.Zero);

    /// <summary>Each pair is watched for longer than a second, so that many are watched in the same one.</summary>
    static readonly int AtOnce = Proof.Size(20, 1);

    /// <summary>What a node remembers it forgets all at once: things happen at different moments of what it remembers for.</summary>
    static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(50);

    OrganizationId _acme;
    AccountId _ada;
    WholeSite[] _nodes = [];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _acme = await Here.Organization("acme");
        _ada = await Here.Admin(_acme, "ada@acme.example");
        _nodes = [await WholeSite.On(Here), await WholeSite.On(Here)];
        await Here.StartBackground();
    }

    public override async Task DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Something that is tried at a node, again and again.</summary>
    sealed record Credential(AccountId Account, Guid Id, Func<WholeSite, Task<bool>> Works);

    static readonly string[] Kinds = ["browser session", "API token", "mobile access token", "mobile refresh token"];

    /// <summary>What happens, and which kinds outlive it.</summary>
    static readonly (string What, string[] Outlived)[] Events =
    [
        ("deactivate", []), ("delete", []), ("unclaim", Kinds), ("log out everywhere", ["API token"]), ("revoke it alone", []),
        ("reset the password", []), ("change the password", []),
        ("change the password and keep the tokens", ["API token"]),
        // What a policy says of sessions holds from the next sign-in on (S6).
        ("block API tokens by policy", ["browser session", "mobile access token", "mobile refresh token"]), ("erase", []),
    ];

    async Task<Credential> Make(string kind, string email)
    {
        var account = await Here.Account(email, managedBy: _acme);
        await Here.Grant(new GivePassword([account], Password));
        switch (kind)
        {
            case "browser session":
                var browser = _nodes[0].Somebody();
                await browser.SignIn(email, Password);
                return new(account, (await Here.Grant(new ReadDevices(account, null))).Single().Id,
                    async node => (await browser.At(node).Get("/account")).StatusCode is HttpStatusCode.OK);
            case "API token":
                var token = await Here.Grant(new CreateApiToken(account, "Backup", 90, By(account)));
                return new(account, token.Token.Id, node => Me(node, token.Secret));
            default:
                var pair = await Pair(_nodes[0], "/api/sign-in", new { email, password = Password, device = "Phone" });
                var device = (await Here.Grant(new ReadDevices(account, null))).Single().Id;
                if (kind == "mobile access token") return new(account, device, node => Me(node, pair!.Value.Access));
                var refresh = pair!.Value.Refresh;
                return new(account, device, async node =>
                {
                    if (await Pair(node, "/api/refresh", new { refreshToken = refresh }) is not { } next) return false;
                    refresh = next.Refresh;
                    return true;
                });
        }
    }

    async Task Happen(string what, Credential to)
    {
        switch (what)
        {
            case "deactivate": await Here.Grant(new DeactivateAccount(to.Account, _acme, null, null, false, By(_ada))); break;
            case "delete": await Here.Grant(new ScheduleDeletion(to.Account, _acme, By(_ada))); break;
            case "unclaim": await Here.Grant(new UnclaimAccount(to.Account, _acme, true, By(_ada))); break;
            case "log out everywhere": await Here.Grant(new LogOutEverywhere(to.Account, null, _acme, By(_ada))); break;
            case "erase":
                await Here.Scalar<int>("update accounts.account set state = 4 where id = @id", new { id = to.Account.Value });
                break;
            case "reset the password":
                (await Here.Send(new ResetPasswords([to.Account], _acme, By(_ada)))).Single().Granted.ShouldBeTrue();
                break;
            case "change the password":
                await Here
                .Grant(new ChangePassword(to.Account, Guid.Empty, Password, "violet lantern orbit", By(to.Account))); break;
            case "change the password and keep the tokens":
                await Here.Grant(new ChangePassword(to.Account, Guid.Empty, Password, "violet lantern orbit",
                    By(to.Account))
                { KeepApiTokens = true });
                break;
            case "block API tokens by policy":
                var quick = await Here
                    .Grant(new CreatePolicy(_acme, PolicyDraft.Initial with { Name = $"{to.Account}", IdleMinutes = 15, ApiTokens = false },
                        By(_ada)));
                await Here.Grant(new MoveToPolicy(_acme, quick, [to.Account], By(_ada)));
                break;
            default:
                var device = await Here.Send(new LogOutDevice(to.Account, to.Id, _acme, By(_ada)));
                if (!device.Granted) await Here.Grant(new RevokeApiToken(to.Account, to.Id, _acme, By(_ada)));
                break;
        }
    }

    [Fact]
    public async Task Each_kind_is_refused_on_both_nodes_within_a_second_of_what_ends_it_and_outlives_what_does_not()
    {
        using var alone = await Proof.Alone();
        var number = 0;
        var ended = new ConcurrentBag<(string Kind, TimeSpan After)>();
        var pairs = Kinds.SelectMany(kind => Events, (kind, happens) => (kind, happens.What, happens.Outlived));
        await Parallel.ForEachAsync(pairs, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (pair, _) =>
        {
            var (kind, what, outlived) = pair;
            var turn = Interlocked.Increment(ref number);
            var credential = await Make(kind, $"p{turn}@acme.example");
            foreach (var node in _nodes) await GetsIn(credential, node, $"{kind} before {what}");
            var answered = await LastAnswered(credential, turn, () => Happen(what, credential));
            if (outlived.Contains(kind))
            {
                foreach (var node in _nodes) await GetsIn(credential, node, $"{kind} outlives {what}");
                return;
            }
            answered.ShouldAllBe(after => after < AtMost, $"{kind} after {what}");
            ended.Add((kind, answered.Max()));
            foreach (var node in _nodes) (await IsLetIn(credential, node)).ShouldBeFalse($"{kind} stays ended after {what}");
        });
        ended.Count.ShouldBe(Events.Sum(e => Kinds.Length - e.Outlived.Length));
        foreach (var (kind, worst) in ended.GroupBy(e => e.Kind, (kind, all) => (kind, all.Max(e => e.After))))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{kind}: the last request that was let in began at most {worst.TotalMilliseconds:F0} ms after the commit that ended it"));
    }

    /// <summary>Whoever is cut off, by a node that is too busy to check in time, is not let in, and need not be refused either.</summary>
    static async Task<bool> IsLetIn(Credential credential, WholeSite node)
    {
        try { return await credential.Works(node); }
        catch (Exception cut) when (cut is HttpRequestException or OperationCanceledException or IOException) { return false; }
    }

    /// <summary>So it is asked again what goes on working.</summary>
    static Task GetsIn(Credential credential, WholeSite node, string what) =>
        TestInstallation.Others(() => IsLetIn(credential, node), what: what);

    /// <summary>Asks both nodes in turns, before, during and for a while after.</summary>
    /// <returns>For each node: how long after the deed's commit the last request began that was still answered; counted from the last look
    /// that did not see it, which is a little before.</returns>
    async Task<TimeSpan[]> LastAnswered(Credential credential, int turn, Func<Task> deed)
    {
        var (watch, last, committed) = (Stopwatch.StartNew(), new TimeSpan[_nodes.Length], TimeSpan.Zero);
        using var enough = new CancellationTokenSource();
        var asking = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                for (var node = 0; node < _nodes.Length; node++)
                    if (watch.Elapsed is var began && await IsLetIn(credential, _nodes[node])) last[node] = began;
                await Task.Delay(Pause);
            }
        });
        await Task.Delay(TimeSpan.FromMilliseconds(100) + (Apart * (turn % AtOnce)));
        Task<long> Seen() =>
            Here.Scalar<long>(
                "select (select count(*) from kernel.audit_entry where subject_id = @id) * 10 + state from accounts.account where id = @id",
                new { id = credential.Account.Value })!;
        var (before, over) = (await Seen(), false);
        var looking = Task.Run(async () =>
        {
            do committed = watch.Elapsed;
            while (!Volatile.Read(ref over) && await Seen() == before);
        });
        await deed();
        Volatile.Write(ref over, true);
        await looking;
        await Task.Delay(Watched);
        await enough.CancelAsync();
        await asking;
        return [.. last.Select(began => began - committed)];
    }

    /// <summary>Longer than <see cref="AtMost"/>, so that a yes that comes back later is seen.</summary>
    static readonly TimeSpan Watched = TimeSpan.FromSeconds(1.2);

    [Fact, Trait("Rule", "A4")]
    public async Task After_a_reactivation_sessions_stay_ended_and_api_tokens_come_back()
    {
        foreach (var (kind, returns) in ((string, bool)[])[(Kinds[0], false), (Kinds[1], true), (Kinds[2], false), (Kinds[3], false)])
        {
            var credential = await Make(kind, $"{kind.Replace(' ', '-').ToLowerInvariant()}@acme.example");
            await Here.Grant(new DeactivateAccount(credential.Account, _acme, null, null, false, By(_ada)));
            await Here.Quiet();
            await Here.Grant(new ReactivateAccount(credential.Account, _acme, By(_ada)));
            foreach (var node in _nodes)
                if (returns) await GetsIn(credential, node, kind);
                else (await IsLetIn(credential, node)).ShouldBeFalse(kind);
        }
    }

    static async Task<bool> Me(WholeSite node, string token)
    {
        using var somebody = node.Somebody();
        using var request = new HttpRequestMessage(HttpMethod.Get,
            "/api/me")
        { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        return (await somebody.Client.SendAsync(request)).StatusCode is HttpStatusCode.OK;
    }

    static async Task<(string Access, string Refresh)?> Pair(WholeSite node, string path, object body)
    {
        using var somebody = node.Somebody();
        using var answer = await somebody.Client.PostAsJsonAsync(path, body);
        if (answer.StatusCode is not HttpStatusCode.OK) return null;
        var pair = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (pair.GetProperty("accessToken").GetString()!, pair.GetProperty("refreshToken").GetString()!);
    }
}
