using System.Text.Json.Nodes;
using Dapper;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Provisioning.Internal.Protocol;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>A filter put to the database answers as the same filter asked of each resource.</summary>
[Trait("Rule", "P2")]
public sealed class FilterInSql : OnInstallation
{
    static readonly string[] Askable = ["userName", "externalId", "displayName", "name.familyName", "name.givenName", "id", "meta.created",
        "meta.lastModified"];
    static readonly string[] AskableOfGroups = ["displayName", "externalId", "id", "meta.created"];
    static readonly string[] Odd = ["50%", "a_b", "back\\slash", "Ünï", "ÅDA", "🙂", "\uFFFD", "Z", "_", "%"];

    async Task<HashSet<Guid>> Ask(string table, string alias, ScimFilter filter, ScimResource kind)
    {
        var values = new DynamicParameters();
        var where = filter.Sql(kind, values);
        where.Granted.ShouldBeTrue($"{MadeUpUsers.Write(filter)}: {where.Refusal}");
        await using var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        return [.. await connection.QueryAsync<Guid>(
            $"select {alias}.{(kind == ScimResource.User ? "account_id" : "group_id")} from directory.{table} {alias} where {where.Value}",
            values)];
    }

    Task Directory(Guid id, DateTimeOffset now) => Here.Rows<int>(
        "insert into directory.identity_directory (id, organization_id, name, name_key, token_made_at, created_at, created_by) "
            + "values (@id, @id, 'x', 'x', @now, @now, @id) returning 1", new { id, now });

    [Fact]
    public async Task Of_users()
    {
        var (random, now) = (new Random(17), new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));
        var made = new MadeUpUsers(random) { OfEnterprise = ["department", "employeeNumber", "manager.value"] };
        var directory = Guid.NewGuid();
        await Directory(directory, now);
        var whole = new Dictionary<Guid, JsonObject>();
        for (var i = 0; i < 120; i++)
        {
            var (id, user, at) = (Guid.NewGuid(), made.User(), now.AddMinutes(random.Next(60)));
            user["userName"] = $"{(i < Odd.Length ? Odd[i] : made.Word())}{i}@acme.example";
            if (user.ContainsKey("externalId")) user["externalId"] = $"{user["externalId"]}{i}";
            if (i < Odd.Length) user["displayName"] = $"{Odd[i]} {Odd[^(i + 1)]}";
            user["active"] ??= true;
            await Here.Rows<int>("""
                insert into directory.provisioned_user (directory_id, account_id, user_name, external_id, active, resource, version,
                  created_at, changed_at)
                values (@directory, @id, @name, @external, @active, @resource::jsonb, 1, @at, @at) returning 1
                """, new
            {
                directory,
                id,
                name = user["userName"]!.GetValue<string>().ToLowerInvariant(),
                external = user["externalId"]
                    ?.GetValue<string>(),
                active = random.Next(2) == 0,
                resource = user.ToJsonString(),
                at
            });
            // Whether somebody is active, the account says.
            await Here.Rows<int>("""
                insert into accounts.account (id, version, email, name, name_key, state, email_verified, created_at)
                  values (@id, 1, @email, 'x', 'x', @state, true, @at) returning 1
                """, new
            {
                id,
                email = $"{id:N}@x.example",
                state = (short)(user["active"]!.GetValue<bool>() ? 1 : random.Next(4) switch { 0 => 0, 1 => 3, _ => 2 }),
                at
            });
            whole[id] = ScimShape.Of(ScimResource.User, id, user, new(at, at, 1, "x"), ScimProjection.All);
        }
        var sizes = new List<int>();
        var count = Proof.Size(200, 1_500);
        for (var i = 0; i < count; i++)
        {
            var filter = i < Odd.Length * 9
                ? new ScimFilter.Compare(i % 2 == 0 ? "displayName" : "userName", (ScimOperator)(i % 9), Odd[i / 9])
                : i % 5 == 0
                ? new ScimFilter.And(Special(random, whole, now), made.Filter(2, Askable[..5]))
                : made.Filter(4, Askable[..5]);
            var wanted = whole.Where(u => filter.Matches(u.Value, ScimResource.User)).Select(u => u.Key).ToHashSet();
            var found = await Ask("provisioned_user", "u", filter, ScimResource.User);
            found.SetEquals(wanted).ShouldBeTrue($"{MadeUpUsers.Write(filter)}: {found.Count} instead of {wanted.Count}");
            sizes.Add(found.Count);
        }
        sizes.Count(s => s is > 0 and < 120).ShouldBeGreaterThan(count / 3);
    }

    /// <summary>About ids and times.</summary>
    static ScimFilter Special(Random random, Dictionary<Guid, JsonObject> whole, DateTimeOffset now) => random.Next(4) switch
    {
        0 => new ScimFilter.Compare("id", (ScimOperator)random.Next(9), $"{whole.Keys.ElementAt(random.Next(whole.Count))}"),
        1 => new ScimFilter.Compare("id", (ScimOperator)random.Next(9), "4"),
        2 => new ScimFilter.Compare("meta.created",
            new[] { ScimOperator.Eq, ScimOperator.Ne, ScimOperator.Gt, ScimOperator.Ge, ScimOperator.Lt, ScimOperator.Le }[random.Next(6)],
            now.AddMinutes(random.Next(60)).ToString("o")),
        _ => new ScimFilter.Not(new ScimFilter.Compare("meta.lastModified", ScimOperator.Gt, now.AddMinutes(random.Next(60))
            .ToString("o"))),
    };

    [Fact]
    public async Task Of_groups_and_their_members()
    {
        var (random, now, directory, organization) = (new Random(19), new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero),
            Guid.NewGuid(), await Here.Organization("acme"));
        await Directory(directory, now);
        var made = new MadeUpUsers(random);
        var (people, whole) = (Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()).ToArray(), new Dictionary<Guid, JsonObject>());
        for (var i = 0; i < 40; i++)
        {
            var (id, name, external, at) = (Guid.NewGuid(), $"{made.Word()} {i}", random.Next(2) == 0 ? null : $"{made.Word()}{i}",
                now.AddMinutes(random.Next(60)));
            var members = people.Where(_ => random.Next(4) == 0).ToArray();
            await Here.Rows<int>(
                "insert into sites.grp (id, organization_id, name, name_key, created_at) values (@id, @organization, @name, @id, @at) "
                + "returning 1",
                new { id, organization = organization.Value, name, at });
            await Here.Rows<int>(
                "insert into sites.group_member (group_id, account_id, added_at) select @id, unnest(@members), @at returning 1",
                new { id, members, at });
            await Here.Rows<int>(
                "insert into directory.provisioned_group (directory_id, group_id, display_name, external_id, created_at, changed_at) "
                + "values (@directory, @id, @name, @external, @at, @at) returning 1", new { directory, id, name, external, at });
            var group = new JsonObject { ["displayName"] = name };
            if (external is not null) group["externalId"] = external;
            if (members.Length > 0) group["members"] = new JsonArray([.. members.Select(m => new JsonObject { ["value"] = $"{m}" })]);
            whole[id] = ScimShape.Of(ScimResource.Group, id, group, new(at, at, 1, "x"), ScimProjection.All);
        }
        var sizes = new List<int>();
        var count = Proof.Size(90, 600);
        for (var i = 0; i < count; i++)
        {
            var member = $"{people[random.Next(people.Length)]}";
            ScimFilter filter = (i % 6) switch
            {
                0 => new ScimFilter.Compare("members", (ScimOperator)random.Next(9), member),
                1 => new ScimFilter.Within("members", new ScimFilter.Compare("value", (ScimOperator)random.Next(9), member)),
                2 => new ScimFilter.And(new ScimFilter.Compare("id", ScimOperator.Eq, $"{whole.Keys.ElementAt(random.Next(40))}"),
                    new ScimFilter.Compare("members.value", ScimOperator.Eq, member)),
                3 => new ScimFilter.Not(random.Next(2) == 0 ? new ScimFilter.Present("members") : new ScimFilter.Compare("members",
                    ScimOperator.Eq, random.Next(2) == 0 ? null : "nobody")),
                _ => new ScimFilter.Or(new ScimFilter.Compare(AskableOfGroups[random.Next(3)], (ScimOperator)random.Next(9), made.Word()),
                    new ScimFilter.Compare("displayName", (ScimOperator)random.Next(9), made.Word())),
            };
            filter = ScimFilter.Parse(MadeUpUsers.Write(filter)).Value;
            var wanted = whole.Where(g => filter.Matches(g.Value, ScimResource.Group)).Select(g => g.Key).ToHashSet();
            var found = await Ask("provisioned_group", "g", filter, ScimResource.Group);
            found.SetEquals(wanted).ShouldBeTrue($"{MadeUpUsers.Write(filter)}: {found.Count} instead of {wanted.Count}");
            sizes.Add(found.Count);
        }
        sizes.Count(s => s is > 0 and < 40).ShouldBeGreaterThan(count / 4);
    }

    [Theory]
    [InlineData("title eq \"x\"", "title")]
    [InlineData("phoneNumbers.value eq \"x\"", "phoneNumbers.value")]
    [InlineData("emails[type eq \"work\"]", "emails")]
    [InlineData("emails.type eq \"work\"", "emails.type")]
    public void What_no_index_knows_is_refused_with_its_name_and_with_what_can_be_asked(string text, string named)
    {
        var fault = ScimFilter.Parse(text).Value.Sql(ScimResource.User, new()).Refusal.ShouldBeOfType<ScimFault>();
        (fault.Status, fault.Type).ShouldBe((400, "invalidFilter"));
        fault.Detail.ShouldStartWith(named);
        fault.Detail.ShouldContain("userName");
    }
}
