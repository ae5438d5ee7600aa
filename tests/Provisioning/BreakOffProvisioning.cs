using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Tests.Web;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>
/// A process may die between any two of its statements, and the same request again ends where it would have. Alone, because from one
/// statement on all of this process fail.
/// </summary>
[Collection(Alone.Name), Trait("Rule", "P2")]
public sealed class BreakOffProvisioning : OnScim
{
    static readonly JsonObject Changes = new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
        ["Operations"] = new JsonArray(
            new JsonObject { ["op"] = "replace", ["path"] = "title", ["value"] = "Director" },
            new JsonObject { ["op"] = "replace", ["path"] = "userName", ["value"] = "NEW@acme.example" },
            new JsonObject { ["op"] = "replace", ["path"] = "active", ["value"] = false }),
    };

    /// <summary>Lets so many statements through, and none after them.</summary>
    sealed class Break : IDisposable
    {
        readonly ActivityListener _listener;
        int _sent;

        public Break(int after)
        {
            _listener = new()
            {
                ShouldListenTo = source => source.Name == "Npgsql",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStarted = _ =>
                {
                    if (Interlocked.Increment(ref _sent) > after) throw new InvalidOperationException("The process is dead.");
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public int Sent => Volatile.Read(ref _sent);

        public void Dispose() => _listener.Dispose();
    }

    /// <summary>What there is of a person afterwards, whatever they are called.</summary>
    async Task<string> EndOf(string email)
    {
        var rows = await Here.Rows<string>("""
            select concat_ws(' ', a.state, a.email_verified, a.managed_by is not null, replace(a.name, split_part(@email, '@', 1), ''),
              p.job_title, p.department, p.provisioned_by, p.provisioned_fields, u.active, u.leaving, u.version, u.resource->>'title',
              (select count(*) from sites.group_member m where m.account_id = a.id),
              (select count(*) from kernel.audit_entry e where e.subject_id = a.id and e.action in ('AccountSignedUp', 'AccountClaimed',
                'AccountDeactivated', 'DetailChanged', 'AccountProvisioned', 'AccountReleased')))
            from accounts.account a left join accounts.profile p on p.account_id = a.id
              left join directory.provisioned_user u on u.account_id = a.id where a.email = @email
            """, new { email });
        rows.Count.ShouldBe(1, email);
        return rows[0];
    }

    async Task<int> Send(ScimCaller by, string method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/scim/directory/{by.Directory}{path}");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {by.Token}");
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/scim+json");
        using var client = Site.Somebody().Client;
        Here.Clock.Pass(TimeSpan.FromMilliseconds(100));
        try { return (int)(await client.SendAsync(request)).StatusCode; }
        catch (InvalidOperationException) { return 0; }
    }

    /// <summary>Does it whole, then with each person broken off one statement later, and again.</summary>
    async Task EndsAlike(Func<string, Task<(string Method, string Path, JsonObject? Body)>> prepare)
    {
        var whole = await prepare("whole");
        int statements;
        using (var count = new Break(int.MaxValue))
        {
            (await Send(Provider, whole.Method, whole.Path, whole.Body)).ShouldBeInRange(200, 204);
            statements = count.Sent;
        }
        var expected = await EndOf("whole@acme.example");
        statements.ShouldBeInRange(5, 100);
        for (var after = 0; after < statements; after++)
        {
            var name = $"broken{after}";
            var request = await prepare(name);
            using (new Break(after)) await Send(Provider, request.Method, request.Path, request.Body);
            // A dead process has no connections, and what it holds ends by itself.
            Site.Services.GetRequiredService<NpgsqlDataSource>().Clear();
            await Here.Scalar<int>("delete from directory.provisioning_lease");
            var thrown = new List<string>();
            void Note(object? sender, System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs e) => thrown.Add($"{e.Exception}");
            AppDomain.CurrentDomain.FirstChanceException += Note;
            var again = await Send(Provider, request.Method, request.Path, request.Body);
            AppDomain.CurrentDomain.FirstChanceException -= Note;
            again.ShouldBeOneOf([200, 201, 204, 404, 409], $"{after} of {statements}: {string.Join('\n', thrown.Take(3))}");
            (await EndOf($"{name}@acme.example")).ShouldBe(expected, $"broken off after {after} of {statements} statements");
        }
        (await Here.Scalar<long>("select count(*) from directory.provisioning_lease")).ShouldBe(0);
    }

    [Fact]
    public Task A_person_who_is_made_is_made_once_wherever_it_is_broken_off() =>
        EndsAlike(name => Task.FromResult(("POST", "/Users", (JsonObject?)Person(name))));

    [Fact, Trait("Rule", "P5")]
    public Task A_change_that_switches_off_is_done_wherever_it_is_broken_off() => EndsAlike(async name =>
    {
        var id = await Provider.Create(Person(name));
        var changes = Changes.DeepClone().AsObject();
        changes["Operations"]![1]!["value"] = $"NEW-{name}@acme.example";
        return ("PATCH", $"/Users/{id}", changes);
    });

    [Fact, Trait("Rule", "A11")]
    public async Task A_person_who_goes_is_out_of_the_directory_and_its_groups_wherever_it_is_broken_off()
    {
        var made = await Provider.Expect(HttpStatusCode.Created, "POST", "/Groups",
            new JsonObject { ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Group"), ["displayName"] = "Staff" });
        await EndsAlike(async name =>
        {
            var id = await Provider.Create(Person(name));
            await Provider.Ask("PATCH", $"/Groups/{made.GetProperty("id").GetGuid()}", new JsonObject
            {
                ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
                ["Operations"] = new JsonArray(new JsonObject
                {
                    ["op"] = "add",
                    ["path"] = "members",
                    ["value"] = new JsonArray(new JsonObject { ["value"] = $"{id}" })
                }),
            });
            return ("DELETE", $"/Users/{id}", null);
        });
    }

    [Fact]
    public async Task Who_had_begun_to_leave_when_the_process_died_is_gone_within_the_hour_though_nobody_asks_again()
    {
        var id = await Provider.Create(Person("mia"));
        await Here.Scalar<int>("update directory.provisioned_user set leaving = true where account_id = @id", new { id });
        await Recur<DirectoryPlatform.Provisioning.Internal.ReleaseForgotten>();
        (await Here.Scalar<long>("select count(*) from directory.provisioned_user")).ShouldBe(0);
        (await Profile(id)).ProvisionedBy.ShouldBeNull();
    }

    [Fact]
    public async Task Forty_changes_at_once_need_no_more_connections_than_four()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 10; i++) ids.Add(await Provider.Create(Person($"mia{i}")));
        var few = new NpgsqlConnectionStringBuilder(Here.ConnectionString) { MaxPoolSize = 4, Timeout = 20 }.ConnectionString;
        await using var source = NpgsqlDataSource.Create(few);
        await using var node = await WholeSite.On(Here, services => services.AddSingleton(source));
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            using var caller = new ScimCaller(node.Somebody().Client, Provider.Directory, Provider.Token, Here.Clock);
            return (await caller.Ask("PATCH", $"/Users/{ids[i % ids.Count]}", new JsonObject
            {
                ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
                ["Operations"] = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "title", ["value"] = $"Boss {i}" }),
            })).Status;
        }));
        answers.ShouldAllBe(status => status == HttpStatusCode.OK);
    }
}
