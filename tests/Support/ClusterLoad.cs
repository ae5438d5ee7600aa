using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel.Commands;
using DirectoryPlatform.Kernel.Ids;
using DirectoryPlatform.Kernel.Outcomes;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using MediatR;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// What clients do to nodes that die: programs deactivate and reactivate people, providers do, and people sign in, each through any node.
/// Whoever gets no answer asks another node for the same, as a client behind a proxy does, and counts as failed when none has done it in
/// time. Each caller knows what it was told, so that it can be held against the rows afterwards.
/// </summary>
/// <remarks>Knows nothing of xunit, so that the bench can use the file too.</remarks>
/// <param name="pause">Of a program or a provider between two deeds.</param>
sealed partial class ClusterLoad(IReadOnlyList<Uri> nodes, ClusterLoad.Prepared prepared, TimeSpan pause = default)
{
    public const string Turned = "turned.example", Provided = "provided.example", Claimed = "claimed.example";
    const string Password = "violet lantern orbit";

    /// <summary>Longer than a dead node keeps anything from others.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), OneAnswer = TimeSpan.FromSeconds(5);

    /// <param name="Keys">API keys, each with the accounts that its caller alone turns.</param>
    /// <param name="Directories">Likewise.</param>
    public sealed record Prepared(OrganizationId Organization, DomainId Claims, IReadOnlyList<(string Secret, AccountId[] Accounts)> Keys,
        IReadOnlyList<NewProvisioningToken> Directories, IReadOnlyList<string> People);

    public ConcurrentDictionary<AccountId, int> Turns { get; } = [];
    public ConcurrentDictionary<Guid, (int Changes, bool Active)> Provisioned { get; } = [];
    public ConcurrentBag<string> Sessions { get; } = [];
    public ConcurrentBag<string> Failed { get; } = [];
    public ConcurrentBag<double> Milliseconds { get; } = [];

    public static async Task<Prepared> Prepare(IMediator mediator, int keys, int accounts, int directories, int people, int claimable)
    {
        var origin = new Origin(null, "load");
        var (organization, admin) = (new OrganizationId(Guid.CreateVersion7()), new AccountId(Guid.CreateVersion7()));
        await Grant(new CreateOrganization(organization, "acme", "Acme", origin));
        await Grant(new SignUpAccount(admin, EmailAddress.Trusted("ada@mail.example"), "Ada", true, null, origin));
        await Grant(new AppointOrganizationAdmin(admin, organization, origin));
        var claims = new DomainId();
        foreach (var name in (string[])[Turned, Provided, Claimed])
        {
            var domain = await Grant(new AddDomain(organization, name, origin));
            var view = await Grant(new ReadDomain(organization, domain));
            await mediator.Send(new AddDemoRecord(view.DnsName, "TXT", view.DnsValue));
            await Grant(new VerifyDomain(organization, domain, ProofMethod.Dns, origin));
            claims = domain;
        }
        var turned = new List<(string, AccountId[])>();
        for (var key = 0; key < keys; key++)
        {
            var own = new AccountId[accounts];
            for (var n = 0; n < own.Length; n++)
                await Grant(new SignUpAccount(own[n] = new(Guid.CreateVersion7()), EmailAddress.Trusted($"p{key}.{n}@{Turned}"),
                    $"Person {n}", true, null, origin));
            foreach (var one in own) await Grant(new ClaimAccount(one, organization, Turned, true, origin));
            turned.Add(((await Grant(new CreateApiKey(organization, admin, $"load {key}", ["accounts:manage"], 1,
                new Origin(admin.Value, "web")))).Secret, own));
        }
        var provided = new List<NewProvisioningToken>();
        for (var n = 0; n < directories; n++)
            provided.Add(await Grant(new CreateIdentityDirectory(organization, admin, $"Provider {n}", new Origin(admin.Value, "web"))));
        var signing = Enumerable.Range(0, people).Select(n => $"s{n}@mail.example").ToArray();
        foreach (var email in signing)
        {
            var id = new AccountId(Guid.CreateVersion7());
            await Grant(new SignUpAccount(id, EmailAddress.Trusted(email), "Somebody", true, null, origin));
            await Grant(new GivePassword([id], Password));
        }
        if (claimable > 0) await mediator.Send(new SeedAccounts(new Population(Claimed, 1), claimable, origin, _ => Task.CompletedTask));
        return new(organization, claims, turned, provided, signing);

        async Task<T> Grant<T>(IRequest<Outcome<T>> request) where T : notnull =>
            await mediator.Send(request) is { Granted: true, Value: var value } ? value
                : throw new InvalidOperationException($"{request.GetType().Name} was refused");
    }

    /// <summary>Until it is cancelled; what is under way then is brought to its end.</summary>
    public Task Run(CancellationToken ended) => Task.WhenAll(
        [.. prepared.Keys.Select(k => Turn(k.Secret, k.Accounts, ended)), .. prepared.Directories.Select(d => Provision(d, ended)),
            .. prepared.People.Chunk(4).Select(p => SignIn(p, ended))]);

    async Task Turn(string secret, AccountId[] own, CancellationToken ended)
    {
        using var http = Client(secret);
        for (var n = 0; !ended.IsCancellationRequested; n++, await Task.Delay(pause, CancellationToken.None))
        {
            var account = own[n / 2 % own.Length];
            var deed = n % 2 == 0 ? "disable" : "enable";
            var name = Guid.NewGuid().ToString();
            var done = await Ask($"{deed} {account}", async node =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node, $"/users/{account}/manage/lifecycle/{deed}"));
                request.Headers.Add("Idempotency-Key", name);
                using var answer = await http.SendAsync(request);
                if (answer.IsSuccessStatusCode) return true;
                // Done by a node that died before its answer.
                var said = await answer.Content.ReadAsStringAsync();
                return said.Contains(deed == "disable" ? "alreadyDeactivated" : "notDeactivated", StringComparison.Ordinal) ? true : null;
            });
            if (done) Turns.AddOrUpdate(account, 1, (_, before) => before + 1);
        }
    }

    async Task Provision(NewProvisioningToken directory, CancellationToken ended)
    {
        using var http = Client(directory.Token);
        http.DefaultRequestHeaders.Accept.Add(new("application/scim+json"));
        var people = new List<Guid>();
        for (var n = 0; !ended.IsCancellationRequested; n++, await Task.Delay(pause, CancellationToken.None))
        {
            var name = $"{directory.Directory.Id.Value:n}.{n / 8}@{Provided}";
            if (n % 8 == 0)
            {
                var made = Guid.Empty;
                if (await Ask($"create {name}", async node =>
                {
                    using var answer = await http.PostAsync(new Uri(node, $"/scim/directory/{directory.Directory.Id}/Users"), Scim(new
                    {
                        schemas = (string[])["urn:ietf:params:scim:schemas:core:2.0:User"],
                        userName = name,
                        displayName = "Provided",
                        emails = (object[])[new { value = name, primary = true }],
                        active = true,
                    }));
                    if (answer.StatusCode is HttpStatusCode.Created) made = await Id(answer, "id");
                    if (answer.StatusCode is not HttpStatusCode.Conflict) return answer.IsSuccessStatusCode ? true : null;
                    using var found = await http.GetAsync(new Uri(node,
                        $"/scim/directory/{directory.Directory.Id}/Users?filter={Uri.EscapeDataString($"userName eq \"{name}\"")}"));
                    if (found.IsSuccessStatusCode) made = await Id(found, "Resources", "id");
                    return made == Guid.Empty ? null : true;
                }))
                {
                    people.Add(made);
                    Provisioned[made] = (0, true);
                }
                continue;
            }
            if (people.Count == 0) continue;
            var person = people[^1];
            var active = n % 2 == 0;
            if (await Ask($"active {active} {person}", async node =>
            {
                using var answer = await http.PatchAsync(new Uri(node, $"/scim/directory/{directory.Directory.Id}/Users/{person}"), Scim(new
                {
                    schemas = (string[])["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                    Operations = (object[])[new { op = "replace", path = "active", value = active }],
                }));
                return answer.IsSuccessStatusCode ? true : null;
            })) Provisioned[person] = (Provisioned[person].Changes + 1, active);
        }
    }

    async Task SignIn(string[] people, CancellationToken ended)
    {
        for (var n = 0; !ended.IsCancellationRequested; n++)
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
            http.Timeout = OneAnswer;
            string? session = null;
            if (await Ask("sign in", async node =>
            {
                using var page = await http.GetAsync(new Uri(node, "/sign-in"));
                if (!page.IsSuccessStatusCode) return null;
                using var form = new HttpRequestMessage(HttpMethod.Post, new Uri(node, "/sign-in"))
                {
                    Content = new FormUrlEncodedContent([new("Input.Email", people[n % people.Length]), new("Input.Password", Password),
                        new("__RequestVerificationToken", FormToken().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value)]),
                };
                form.Headers.Add("Cookie", string.Join("; ", page.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0])));
                using var answer = await http.SendAsync(form);
                session = answer.Headers.TryGetValues("Set-Cookie", out var cookies)
                    ? cookies.FirstOrDefault(c => c.StartsWith("directory-session=", StringComparison.Ordinal))?.Split(';')[0] : null;
                return session is null ? null : true;
            })) Sessions.Add(session!);
            try { await Task.Delay(200, ended); }
            catch (OperationCanceledException) { }
        }
    }

    static StringContent Scim(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/scim+json");

    static async Task<Guid> Id(HttpResponseMessage answer, params string[] path)
    {
        var at = await answer.Content.ReadFromJsonAsync<JsonElement>();
        foreach (var name in path)
        {
            if (at.ValueKind is JsonValueKind.Array && at.GetArrayLength() == 0) return Guid.Empty;
            at = (at.ValueKind is JsonValueKind.Array ? at[0] : at).GetProperty(name);
        }
        return at.GetGuid();
    }

    static HttpClient Client(string secret) => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        Timeout = OneAnswer,
        DefaultRequestHeaders = { Authorization = new("Bearer", secret) },
    };

    /// <param name="once">True when it is done; null to ask another node.</param>
    async Task<bool> Ask(string what, Func<Uri, Task<bool?>> once)
    {
        var watch = Stopwatch.StartNew();
        for (var at = Random.Shared.Next(nodes.Count); watch.Elapsed < Patience; at++)
        {
            try
            {
                if (await once(nodes[at % nodes.Count]) is true)
                {
                    Milliseconds.Add(watch.Elapsed.TotalMilliseconds);
                    return true;
                }
            }
            catch (Exception cut) when (cut is HttpRequestException or TaskCanceledException or IOException or JsonException) { }
            await Task.Delay(20);
        }
        Failed.Add(what);
        return false;
    }

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]* value="([^"]+)""")]
    private static partial Regex FormToken();
}
