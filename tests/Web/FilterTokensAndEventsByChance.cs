using System.Globalization;
using System.Net;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>As <see cref="FilterUsersByChance"/>, of API tokens and of the audit log: random combinations of filters against what was
/// written down of each row (SPEC P6, L3).</summary>
[Trait("Rule", "P6"), Trait("Run", "Fuzz")]
public sealed class FilterTokensAndEventsByChance : OnOrganizationsApi
{
    readonly Random _random = new(20261201);
    readonly List<Token> _tokens = [];

    sealed record Token(string Id, string Label, string Owner, string Email, DateTime Created, DateTime? Used, bool Expired);

    T Pick<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    DateTime Day() => new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddDays(_random.Next(365));

    static string Iso(DateTime at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    async Task Furnish()
    {
        for (var i = 0; i < 6; i++)
        {
            var (name, email) = ($"{Pick(["Ann", "Bob", "Çem"])} {i}", $"p{i}@acme.example");
            var owner = await Here.Account(email, name, managedBy: Acme);
            for (var n = 0; n < 5; n++)
            {
                var label = $"{Pick(["Backup", "Report", "Ünit"])} {n}";
                var id = (await Here.Grant(new CreateApiToken(owner, label, 90, By(owner)))).Token.Id;
                var (created, used, expired) = (Day(), Chance(3) ? (DateTime?)null : Day(), Chance(4));
                await Here.Scalar<int?>("""
                    update security.api_token set created_at = @created, last_used_at = @used,
                      expires_at = case when @expired then now() - interval '1 day' else expires_at end where id = @id
                    """, new { id, created, used, expired });
                _tokens.Add(new($"{id}", label, name, email, created, used, expired));
            }
        }
        await Here.Grant(new CreateApiToken(Gus, "Backup", 90, By(Gus)));
    }

    [Fact, Trait("Rule", "M8")]
    public async Task Tokens_that_are_found_meet_every_filter_and_those_that_meet_them_are_found()
    {
        await Furnish();
        var (path, questions, some) = ($"/admin/api-access/v1/orgs/{Acme}/api-tokens", Proof.Size("Fuzz", 150, 5_000), 0);
        for (var i = 0; i < questions; i++)
        {
            Here.Clock.Pass(TimeSpan.FromMilliseconds(100));
            var (asked, left) = (new List<string>(), _tokens.ToList());
            if (Chance(2))
            {
                var q = Pick(["ann", "BACK", "p3@", "unit", "Ünit 1", "çem", "port 2"]);
                asked.Add($"q={Uri.EscapeDataString(q)}");
                // A label is found as it is spelled; keys without accents have names alone.
                left.RemoveAll(t => !Has(t.Owner, q) && !Has(t.Email, q) && !t.Label.Contains(q, StringComparison.OrdinalIgnoreCase));
            }
            if (Chance(3))
            {
                var expired = Chance(2);
                asked.Add($"status={(expired ? "EXPIRED" : "ALLOWED")}");
                left.RemoveAll(t => t.Expired != expired);
            }
            foreach (var (name, of) in ((string, Func<Token, DateTime?>)[])[("createdAt", t => t.Created), ("lastActiveAt", t => t.Used)])
            {
                if (!Chance(2)) continue;
                var (from, to) = (Chance(3) ? (DateTime?)null : Day(), Chance(3) ? (DateTime?)null : Day());
                if (from is null && to is null) continue;
                asked.Add($"{name}SearchType=range");
                if (from is { } f) asked.Add($"{name}From={(Chance(2) ? Iso(f) : $"{new DateTimeOffset(f).ToUnixTimeMilliseconds()}")}");
                if (to is { } t2) asked.Add($"{name}To={Iso(t2)}");
                left.RemoveAll(t => of(t) is not { } at || at < from || at >= to);
            }
            var query = string.Join('&', asked);
            if (left.Count > 0 && left.Count < _tokens.Count) some++;
            (await Program.Expect(HttpStatusCode.OK, "GET", $"{path}/count?{query}")).GetInt32().ShouldBe(left.Count, query);
            var (found, cursor) = (new List<string?>(), "");
            do
            {
                Here.Clock.Pass(TimeSpan.FromMilliseconds(100));
                var page = await Program.Expect(HttpStatusCode.OK, "GET", $"{path}?{query}&limit=9{cursor}");
                found.AddRange(page.GetProperty("data").EnumerateArray().Select(t => t.GetProperty("id").GetString()));
                cursor = page.GetProperty("links").TryGetProperty("next", out var next) ? $"&cursor={next.GetString()}" : "";
            } while (cursor.Length > 0);
            found.ShouldBe(left.OrderByDescending(t => t.Created).Select(t => t.Id), ignoreOrder: true, query);
        }
        some.ShouldBeGreaterThan(questions / 4, "most questions must find some and not all");
    }

    /// <summary>As people type it: without accents and letter case.</summary>
    static bool Has(string text, string part) => Plain(text).Contains(Plain(part), StringComparison.OrdinalIgnoreCase);

    static string Plain(string text) => text.Replace('Ü', 'u').Replace('ü', 'u').Replace('Ç', 'c').Replace('ç', 'c');

    [Fact, Trait("Rule", "L3")]
    public async Task Events_that_are_found_meet_every_filter_and_those_that_meet_them_are_found()
    {
        await Furnish();
        foreach (var token in _tokens.Where(_ => Chance(4)))
        {
            var owner = await Here.Scalar<Guid>("select account_id from security.api_token where id = @id",
                new { id = Guid.Parse(token.Id) });
            Here.Clock.Pass(TimeSpan.FromMinutes(_random.Next(1, 90)));
            await Here.Send(new RevokeApiToken(new(owner), Guid.Parse(token.Id), Chance(2) ? Acme : null, By(Ada)));
        }
        await Here.Grant(new GiveEmail(Liam, Acme, "liam.new@acme.example", By(Ada)));
        var path = $"{V1}/events";
        var rows = (await Program.Expect(HttpStatusCode.OK, "GET", $"{path}?limit=1000")).GetProperty("data").EnumerateArray()
            .Select(e => (Id: e.GetProperty("id").GetString()!, Its: e.GetProperty("attributes"))).ToList();
        rows.Count.ShouldBeInRange(50, 999);
        var actors = rows.Select(r => r.Its.GetProperty("actor").GetProperty("id").GetString()!).Distinct().Where(a => a != "platform")
            .ToList();
        var actions = rows.Select(r => Action(r.Its)).Distinct().ToList();
        var (questions, some) = (Proof.Size("Fuzz", 150, 5_000), 0);
        for (var i = 0; i < questions; i++)
        {
            Here.Clock.Pass(TimeSpan.FromMilliseconds(100));
            var (asked, left) = (new List<string>(), rows.ToList());
            if (Chance(2))
            {
                var by = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Pick(actors)).Distinct().ToList();
                var spelled = by.Select(a => a == $"{Ada}" && Chance(2) ? "ada@acme.example"
                    : a == $"{Liam}" && Chance(2) ? Pick(["liam@acme.example", "liam.new@acme.example"]) : a).ToList();
                asked.Add(Chance(2) ? $"actor={string.Join(',', spelled)}" : string.Join('&', spelled.Select(a => $"actor={a}")));
                left.RemoveAll(r => !by.Contains(r.Its.GetProperty("actor").GetProperty("id").GetString()!));
            }
            if (Chance(2))
            {
                var kinds = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Pick([.. actions, "never_happened"])).Distinct().ToList();
                asked.Add($"action={string.Join(',', kinds)}");
                left.RemoveAll(r => !kinds.Contains(Action(r.Its)));
            }
            if (Chance(3))
            {
                var at = At(Pick(rows).Its);
                asked.Add($"from={Uri.EscapeDataString(at.ToString("O", CultureInfo.InvariantCulture))}");
                left.RemoveAll(r => At(r.Its) < at);
            }
            if (Chance(3))
            {
                var at = At(Pick(rows).Its);
                asked.Add($"to={Uri.EscapeDataString(at.ToString("O", CultureInfo.InvariantCulture))}");
                left.RemoveAll(r => At(r.Its) >= at);
            }
            if (left.Count > 0 && left.Count < rows.Count) some++;
            var query = string.Join('&', asked);
            (await Program.Expect(HttpStatusCode.OK, "GET", $"{(Chance(2) ? path : $"{V2}/events")}?limit=1000&{query}"))
                .GetProperty("data").EnumerateArray().Select(e => e.GetProperty("id").GetString()!)
                .ShouldBe(left.Select(r => r.Id), query);
        }
        some.ShouldBeGreaterThan(questions / 3, "most questions must find some and not all");
    }

    static string Action(JsonElement of) => of.GetProperty("action").GetString()!;

    static DateTimeOffset At(JsonElement of) => of.GetProperty("time").GetDateTimeOffset();
}
