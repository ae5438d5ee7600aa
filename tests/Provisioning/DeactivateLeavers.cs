using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>
/// A leaver leaves, whatever else stands in the request (SPEC P5). The cases are a product of what providers send; what each should end in
/// is worked out here from the case alone, and by nothing of the product.
/// </summary>
[Trait("Rule", "P5")]
public sealed class DeactivateLeavers : OnScim
{
    const string PatchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp",
    Core = "urn:ietf:params:scim:schemas:core:2.0:User", Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    /// <summary>The core schema's URN stands as a path, or above the attributes of a value without one.</summary>
    enum SentBy { PatchWithPath, PatchWithoutPath, PatchOfSchema, PatchUnderSchema, Put, PostAgain, Delete }

    /// <summary>What the account is before: on; put out by an admin while the provider thinks it is on; on again by an admin while the
    /// provider thinks it is off.</summary>
    enum StartState { On, OffByAdmin, OnAgain }

    enum DetailPlace { Before, After }

    /// <param name="Attribute">As in a whole resource.</param>
    /// <param name="Path">As in a PATCH.</param>
    /// <param name="Value">Null for JSON null.</param>
    /// <param name="Told">Whether the answer must say that something of it was passed over or changed.</param>
    sealed record OtherDetail(string Name, string Attribute, string Path, Func<int, JsonNode?> Value, bool Told = false)
    {
        /// <summary>"replace", "remove", or one that is none.</summary>
        public string Op { get; init; } = "replace";

        /// <summary>Nothing of it can be said without a path.</summary>
        public bool PathOnly { get; init; }

        /// <summary>What the request is answered when it does not switch anybody off; null for 200.</summary>
        public HttpStatusCode? Refused { get; init; }
    }

    static JsonArray Mails(params string[] addresses) =>
        [.. addresses.Select((a, i) => new JsonObject { ["value"] = a, ["type"] = i == 0 ? "work" : "other", ["primary"] = i == 0 })];

    static readonly OtherDetail[] Details =
    [
        new("fitting", "title", "title", _ => "Head of Sales"),
        new("too long", "title", "title", _ => new string('T', 300), Told: true),
        new("long department", Enterprise, $"{Enterprise}:department", _ => new string('D', 299), Told: true),
        new("long public name", "nickName", "nickName", _ => new string('n', 39), Told: true),
        new("no phone", "phoneNumbers", "phoneNumbers[type eq \"work\"].value", _ => "n/a", Told: true),
        new("spoken phone", "phoneNumbers", "phoneNumbers[type eq \"work\"].value", _ => "089/12345-67 (Sekretariat)", Told: true),
        new("zone of Windows", "timezone", "timezone", _ => "W. Europe Standard Time"),
        new("zone of nowhere", "timezone", "timezone", _ => "Mars/Olympus", Told: true),
        new("line break", "name", "name.formatted", _ => "Jo\nLong"),
        new("foreign domain", "emails", "emails[type eq \"work\"].value", _ => "somebody@elsewhere.example", Told: true),
        new("no address", "emails", "emails[type eq \"work\"].value", _ => "not an address", Told: true),
        new("soft-deleted name", "userName", "userName", i => $"{Guid.NewGuid():N}p{i}@acme.example"),
        new("null", "title", "title", _ => null),
        new("removed", "title", "title", _ => null) { Op = "remove" },
        new("omitted", "", "", _ => null),
        new("wrong type", "title", "title", _ => new JsonObject { ["a"] = 1 }, Told: true),
        new("many addresses", "emails", "emails",
            i => Mails([$"p{i}@acme.example", .. Enumerable.Range(0, 150).Select(n => $"x{n}@acme.example")]), Told: true),
        new("name in use", "userName", "userName", _ => "taken@acme.example", Told: true) { Refused = HttpStatusCode.Conflict },
        new("name too long", "userName", "userName", _ => new string('u', 255), Told: true) { Refused = HttpStatusCode.BadRequest },
        new("unknown operation", "", "title", _ => "x", Told: true) { Op = "move", PathOnly = true, Refused = HttpStatusCode.BadRequest },
        new("broken path", "", "emails[type eq", _ => "x", Told: true) { PathOnly = true, Refused = HttpStatusCode.BadRequest },
        new("read-only", "", "id", _ => "x", Told: true) { PathOnly = true, Refused = HttpStatusCode.BadRequest },
        new("nothing selected", "", "emails[type eq \"home\"]", _ => new JsonObject { ["value"] = "x@acme.example" },
            Told: true) { PathOnly = true, Refused = HttpStatusCode.BadRequest },
    ];

    /// <param name="Said">The words for it in their order; null is JSON null.</param>
    /// <param name="Wish">What they come to: the last that is true or false.</param>
    sealed record ActiveWord(string Name, JsonNode?[] Said, bool? Wish, bool Removed = false);

    static readonly ActiveWord[] Actives =
    [
        new("false", [false], false), new("\"False\"", ["False"], false), new("\"false\"", ["false"], false), new("omitted", [], null),
        new("null", [null], null), new("removed", [], null, Removed: true),
        new("true", [true], true), new("\"True\"", ["True"], true), new("true, then false", [true, false], false),
        new("false, then true", [false, true], true), new("false, then null", [false, null], false),
    ];

    sealed record LeaverCase(int Number, SentBy Method, OtherDetail Detail, ActiveWord Active, DetailPlace Place, StartState Start)
    {
        public override string ToString() =>
            $"{Number}: {Method}, {Detail.Name} {(Place is DetailPlace.Before ? "before" : "after")} active {Active.Name}, {Start}";
    }

    static IEnumerable<LeaverCase> All()
    {
        var (number, pair, starts, met) = (0, 0, Enum.GetValues<StartState>(), new HashSet<object>());
        foreach (var method in Enum.GetValues<SentBy>())
            foreach (var detail in method is SentBy.Delete ? Details[..1] : Details)
                foreach (var active in method is SentBy.Delete ? Actives[..1] : Actives)
                    foreach (var place in Enum.GetValues<DetailPlace>())
                    {
                        // In a whole resource each name stands once, nothing is removed but by leaving it out, and the order means nothing.
                        var whole = method is SentBy.Put or SentBy.PostAgain;
                        if (whole && (active.Said.Length > 1 || active.Removed || place is DetailPlace.After || detail.PathOnly)) continue;
                        if (method is SentBy.PatchWithoutPath or SentBy.PatchOfSchema or SentBy.PatchUnderSchema
                            && (detail.PathOnly || detail.Op is "remove" || active.Removed)) continue;
                        if (method is SentBy.Delete && place is DetailPlace.After) continue;
                        // A POST that names somebody else is about somebody else.
                        if (method is SentBy.PostAgain && detail.Attribute is "userName") continue;
                        // The small size has each wish beside each detail by each method in each place, and each word beside each
                        // detail, from one start in turn; whole, all with all.
                        if (!met.Add((method, detail.Name, active.Wish, place)) & !met.Add((detail.Name, active.Name))
                            & !met.Add((method, active.Name, place)) && !Proof.Whole) continue;
                        foreach (var start in Proof.Size(1, starts.Length) == 1 && method is not SentBy.Delete
                            ? [starts[pair++ % starts.Length]]
                            : starts)
                            yield return new(number++, method, detail, active, place, start);
                    }
    }

    /// <summary>The expected end, from the case alone.</summary>
    static (bool On, HttpStatusCode Status, bool Told) Expected(LeaverCase one)
    {
        var was = one.Start is not StartState.OffByAdmin;
        if (one.Method is SentBy.Delete) return (false, HttpStatusCode.NoContent, false);
        if (one.Method is SentBy.PostAgain) return (one.Active.Wish is not false && was, HttpStatusCode.Conflict, false);
        if (one.Active.Wish is false) return (false, HttpStatusCode.OK, one.Detail.Told);
        if (one.Detail.Refused is { } refused) return (was, refused, false);
        // What a provider always said puts nobody on whom an admin put out; and that is told.
        return (was, HttpStatusCode.OK, one.Detail.Told || (one.Active.Wish is true && one.Start is StartState.OffByAdmin));
    }

    static JsonObject Base(int number) => new()
    {
        ["schemas"] = new JsonArray(Core, Enterprise),
        ["userName"] = $"p{number}@acme.example",
        ["externalId"] = $"e{number}",
        ["name"] = new JsonObject { ["givenName"] = $"P{number}", ["familyName"] = "Long" },
        ["title"] = "Engineer",
        ["emails"] = Mails($"p{number}@acme.example"),
    };

    static JsonNode? InWhole(OtherDetail detail, int number) => (detail.Attribute, detail.Value(number)) switch
    {
        (Enterprise, var value) => new JsonObject { ["department"] = value },
        ("phoneNumbers", var value) => new JsonArray(new JsonObject { ["value"] = value, ["type"] = "work" }),
        ("name", var value) => new JsonObject { ["formatted"] = value },
        ("emails", JsonArray all) => all,
        ("emails", var value) => new JsonArray(new JsonObject { ["value"] = value, ["type"] = "work" }),
        (_, var value) => value,
    };

    static (string Method, string Path, JsonObject? Body) Request(LeaverCase one, Guid id)
    {
        switch (one.Method)
        {
            case SentBy.Delete:
                return ("DELETE", $"/Users/{id}", null);
            case SentBy.Put or SentBy.PostAgain:
                var whole = Base(one.Number);
                if (one.Detail.Op is "remove") whole.Remove(one.Detail.Attribute);
                else if (one.Detail.Attribute.Length > 0) whole[one.Detail.Attribute] = InWhole(one.Detail, one.Number);
                foreach (var said in one.Active.Said) whole["active"] = said?.DeepClone();
                return one.Method is SentBy.Put ? ("PUT", $"/Users/{id}", whole) : ("POST", "/Users", whole);
            default:
                var operations = new List<JsonNode>();
                List<JsonNode> active = [.. one.Active.Said.Select(said => Step(one.Method, "replace", "active", said)),
                    .. one.Active.Removed ? [Step(SentBy.PatchWithPath, "remove", "active", null)] : Array.Empty<JsonNode>()];
                List<JsonNode> detail = one.Detail.Path.Length == 0
                    ? []
                    : [Step(one.Method, one.Detail.Op, one.Detail.Path, one.Detail.Value(one.Number))];
                operations.AddRange(one.Place is DetailPlace.Before ? detail.Concat(active) : active.Concat(detail));
                if (operations.Count == 0) operations.Add(Step(SentBy.PatchWithPath, "replace", "displayName", "P"));
                return ("PATCH", $"/Users/{id}",
                    new() { ["schemas"] = new JsonArray(PatchOp), ["Operations"] = new JsonArray([.. operations]) });
        }
    }

    static JsonObject Step(SentBy method, string op, string path, JsonNode? value)
    {
        var step = new JsonObject { ["op"] = op };
        if (method is not SentBy.PatchWithPath)
        {
            var named = new JsonObject { [path] = value?.DeepClone() };
            if (method is SentBy.PatchOfSchema) step["path"] = Core;
            step["value"] = method is SentBy.PatchUnderSchema ? new JsonObject { [Core] = named } : named;
        }
        else
        {
            step["path"] = path;
            if (op is not "remove") step["value"] = value?.DeepClone();
        }
        return step;
    }

    /// <summary>People as their provider made them, at once: this is about what becomes of them.</summary>
    async Task<Guid[]> Make(IReadOnlyList<LeaverCase> cases)
    {
        var ids = cases.Select(_ => Guid.CreateVersion7()).ToArray();
        await Here.Rows<int>("""
            with given as (select * from unnest(@ids, @numbers, @states, @said, @resources) g(id, number, state, said, resource)),
              made as (
                insert into accounts.account (id, version, email, domain, name, name_key, state, email_verified, managed_by,
                  claimed_at, created_at)
                select id, 1, 'p' || number || '@acme.example', 'acme.example', 'P' || number || ' Long', 'p' || number || ' long',
                  state, true, @acme, now(), now() from given returning id),
              sought as (insert into accounts.search (account_id, text) select id, 'p' || number from given returning 1)
            insert into directory.provisioned_user (directory_id, account_id, user_name, external_id, active, resource, version,
              created_at, changed_at)
            select @directory, id, 'p' || number || '@acme.example', 'e' || number, said, resource::jsonb, 1, now(), now() from given
              returning 1
            """, new
        {
            ids,
            numbers = cases.Select(c => c.Number).ToArray(),
            states = cases
                .Select(c => (short)(c.Start is StartState.OffByAdmin ? AccountState.Deactivated : AccountState.Active)).ToArray(),
            said = cases.Select(c => c.Start is not StartState.OnAgain).ToArray(),
            resources = cases.Select(c =>
            {
                var resource = Base(c.Number);
                resource.Remove("schemas");
                resource["active"] = c.Start is not StartState.OnAgain;
                return resource.ToJsonString();
            }).ToArray(),
            acme = Acme.Value,
            directory = Provider.Directory.Value,
        });
        return ids;
    }

    [Fact]
    public async Task An_account_ends_deactivated_exactly_where_the_request_says_so()
    {
        const int AtOnce = 8;
        var cases = All().ToList();
        cases.Count.ShouldBeGreaterThan(Proof.Size(400, 3_000));
        await Provider.Create(Person("taken"));
        var ids = await Make(cases);
        var wrong = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async lane =>
        {
            using var caller = new ScimCaller(Site.Somebody().Client, Provider.Directory, Provider.Token, Here.Clock);
            for (var i = lane; i < cases.Count; i += AtOnce)
            {
                var (one, expected, request) = (cases[i], Expected(cases[i]), Request(cases[i], ids[i]));
                var (status, body) = await caller.Ask(request.Method, request.Path, request.Body);
                var told = body.ValueKind is JsonValueKind.Object && body.TryGetProperty(ScimReply.PassedOver, out _);
                var active = status is HttpStatusCode.OK ? body.GetProperty("active").GetBoolean() : (bool?)null;
                if (status != expected.Status || told != expected.Told || (active is not null && active != expected.On))
                    wrong.Add($"{one}: {(int)status}, told {told}, active {active}; expected {(int)expected.Status}, {expected.Told}, "
                        + $"{expected.On}; {request.Body} -> {body}");
            }
        }));
        wrong.ShouldBeEmpty($"{wrong.Count} of {cases.Count}, such as {string.Join("\n", wrong.Take(10))}");
        var states =
            (await Here.Rows<(Guid Id, short State, string Email)>("select id, state, email from accounts.account where id = any(@ids)",
                new { ids })).ToDictionary(r => r.Id);
        foreach (var (one, id) in cases.Zip(ids))
        {
            (states[id].State == (short)AccountState.Active).ShouldBe(Expected(one).On, $"{one}");
            states[id].Email.ShouldBe($"p{one.Number}@acme.example", $"{one}: the address stays");
        }
        // What is asked in a filter is the same, and so is what is kept of the provider's own word.
        var off = (await Provider.Expect(HttpStatusCode.OK, "GET", "/Users?filter=active%20eq%20false&count=0")).GetProperty("totalResults")
            .GetInt64();
        off.ShouldBe(cases.Count(c => !Expected(c).On && c.Method is not SentBy.Delete));
        var odd = cases.Zip(ids).First(c => c.First is { Method: SentBy.PatchWithPath, Detail.Name: "too long", Active.Wish: false });
        (await Here.Scalar<bool>(
            "select exists (select from directory.provisioning_note where account_id = @id and status = 200 and reason like 'title: "
            + "shortened to 100 characters%')", new { id = odd.Second })).ShouldBeTrue("the log tells");
        (await Provider.Expect(HttpStatusCode.OK, "GET", $"/Users/{odd.Second}")).GetProperty("title").GetString()
            .ShouldBe(new string('T', 300), "as sent");
    }
}
