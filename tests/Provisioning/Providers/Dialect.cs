using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using static DirectoryPlatform.Tests.Provisioning.Providers.ProviderWords;

namespace DirectoryPlatform.Tests.Provisioning.Providers;

/// <summary>
/// What one provider asks for each thing that happens in its directory. Entra ID and Okta as their documentation has it; of the others no
/// reference for their requests was found, and they stand for the ways in which such programs differ: whole or in parts, one by one or in
/// lists, with or without deleting.
/// </summary>
abstract class Dialect(string name)
{
    public string Name => name;

    /// <summary>Whether people are ever deleted, and not only switched off.</summary>
    public virtual bool Deletes => true;

    /// <summary>Whether somebody who was deleted is kept for a while under another name.</summary>
    public virtual bool RenamesDeleted => false;

    public virtual bool HasGroups => true;

    /// <summary>People in one request about a group.</summary>
    public virtual int Batch => 100;

    /// <summary>Asked once, before anything else.</summary>
    public virtual Task Begin(ProvidersClient client) => client.Find($"/Users?filter={Filter("userName", $"{Guid.NewGuid()}")}");

    protected virtual string LookUp(ProvidersPerson person) => $"/Users?filter={Filter("userName", person.UserName)}";

    /// <summary>Looked up, and made or brought up to date.</summary>
    /// <returns>False where the platform wants an admin's word, or another try.</returns>
    public async Task<bool> Bring(ProvidersClient client, ProvidersPerson person)
    {
        if (await client.Find(LookUp(person)) is { } known)
        {
            var (status, said) = await Replace(client, known, person);
            if (status is HttpStatusCode.Conflict or HttpStatusCode.NotFound) return false;
            status.ShouldBe(HttpStatusCode.OK, $"{Name} {person.Written}: {said}");
            person.Linked = known;
            return true;
        }
        var made = await client.Ask("POST", "/Users", New(person));
        // Where the answer to the first try was lost, the next look-up finds the person.
        if (made.Status is HttpStatusCode.Conflict) return false;
        made.Status.ShouldBe(HttpStatusCode.Created, $"{Name} {person.Written}: {made.Body}");
        person.Linked = made.Body.GetProperty("id").GetGuid();
        return true;
    }

    protected virtual JsonObject New(ProvidersPerson person) => person.Whole();

    /// <summary>Everything anew.</summary>
    protected virtual Task<(HttpStatusCode Status, JsonElement Body)> Replace(ProvidersClient client, Guid id,
        ProvidersPerson person) => client.Ask("PUT", $"/Users/{id}", person.Whole());

    public virtual async Task Change(ProvidersClient client, ProvidersPerson person)
    {
        await client.Expect("GET", $"/Users/{person.Linked}", null, HttpStatusCode.OK);
        var (status, said) = await Replace(client, person.Linked!.Value, person);
        status.ShouldBe(HttpStatusCode.OK, $"{Name} {person.Written}: {said}");
    }

    /// <summary>Off or on, as the person is.</summary>
    public virtual Task Switch(ProvidersClient client, ProvidersPerson person) => Change(client, person);

    public Task Delete(ProvidersClient client, ProvidersPerson person) =>
        client.Expect("DELETE", $"/Users/{person.Linked}", null, HttpStatusCode.NoContent, HttpStatusCode.NotFound);

    public virtual async Task Bring(ProvidersClient client, ProvidersGroup group)
    {
        group.Linked = await client.Find($"/Groups?filter={Filter("displayName", group.Name)}&excludedAttributes=members");
        if (group.Linked is null)
        {
            var (status, said) = await client.Ask("POST", "/Groups", new JsonObject
            {
                ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Group"),
                ["displayName"] = group.Name,
                ["externalId"] = group.Id,
            });
            group.Linked = status is HttpStatusCode.Created ? said.GetProperty("id").GetGuid()
                : (await client.Find($"/Groups?filter={Filter("displayName", group.Name)}&excludedAttributes=members")).ShouldNotBeNull();
        }
        await Add(client, group, [.. group.There]);
    }

    public virtual async Task Add(ProvidersClient client, ProvidersGroup group, IReadOnlyList<ProvidersPerson> people)
    {
        foreach (var some in people.Chunk(Batch))
            await PatchGroup(client, group, Op("add", "members", Values(some)));
    }

    public virtual async Task Remove(ProvidersClient client, ProvidersGroup group, IReadOnlyList<ProvidersPerson> people)
    {
        foreach (var one in people) await PatchGroup(client, group, Op("remove", $"members[value eq \"{one.Linked}\"]"));
    }

    public virtual Task Rename(ProvidersClient client, ProvidersGroup group) =>
        PatchGroup(client, group, Op("replace", "displayName", group.Name));

    public Task Delete(ProvidersClient client, ProvidersGroup group) =>
        client.Expect("DELETE", $"/Groups/{group.Linked}", null, HttpStatusCode.NoContent, HttpStatusCode.NotFound);

    protected static Task PatchGroup(ProvidersClient client, ProvidersGroup group, params JsonNode[] operations) =>
        client.Expect("PATCH", $"/Groups/{group.Linked}", Patch(operations), HttpStatusCode.OK, HttpStatusCode.NoContent);

    protected static string Filter(string attribute, string value) => Uri.EscapeDataString($"{attribute} eq \"{value}\"");

    public static readonly Dialect[] All = [new EntraId(), new Okta(), new OneLogin(), new JumpCloud(), new Google()];

    /// <summary>Changes in parts, with words of its own for yes and no; whoever is deleted is renamed first, and gone after 30 days.
    /// </summary>
    sealed class EntraId() : Dialect("Entra ID")
    {
        public override int Batch => 20;

        public override bool RenamesDeleted => true;

        protected override JsonObject New(ProvidersPerson person) => person.Whole(number: person.Id);

        protected override Task<(HttpStatusCode Status, JsonElement Body)> Replace(ProvidersClient client, Guid id,
            ProvidersPerson person) => client.Ask("PATCH", $"/Users/{id}", Patch(
                Op("Add", "externalId", person.Id), Op("Replace", "userName", person.UserName),
                Op("Replace", "emails[type eq \"work\"].value", person.Address),
                Op("Replace", "name.familyName", person.Family), Op("Replace", "name.formatted", $"{person.Given} {person.Family}"),
                Op("Replace", "title", person.Title), Op("Add", $"{MadeUpUsers.Enterprise}:department", person.Department),
                Op("Replace", "active", person.Active ? "True" : "False")));

        public override async Task Bring(ProvidersClient client, ProvidersGroup group)
        {
            await base.Bring(client, group);
            await client.Expect("GET", $"/Groups/{group.Linked}?excludedAttributes=members", null, HttpStatusCode.OK);
        }

        public override async Task Remove(ProvidersClient client, ProvidersGroup group, IReadOnlyList<ProvidersPerson> people)
        {
            foreach (var some in people.Chunk(Batch)) await PatchGroup(client, group, Op("Remove", "members", Values(some)));
        }
    }

    /// <summary>Puts whole people, switches off by a patch without a path, never deletes anybody.</summary>
    sealed class Okta() : Dialect("Okta")
    {
        public override bool Deletes => false;

        protected override string LookUp(ProvidersPerson person) => $"{base.LookUp(person)}&startIndex=1&count=100";

        public override async Task Begin(ProvidersClient client)
        {
            await client.Expect("GET", "/Users?startIndex=1&count=2", null, HttpStatusCode.OK);
            await client.Expect("GET", "/Groups?startIndex=1&count=100", null, HttpStatusCode.OK);
        }

        public override Task Switch(ProvidersClient client, ProvidersPerson person) => person.Active
            ? base.Switch(client, person)
            : client.Expect("PATCH", $"/Users/{person.Linked}", Patch(Op("replace", null, new JsonObject { ["active"] = false })),
                HttpStatusCode.OK);

        public override Task Rename(ProvidersClient client, ProvidersGroup group) => PatchGroup(client, group,
            Op("replace", null, new JsonObject { ["id"] = $"{group.Linked}", ["displayName"] = group.Name }));
    }

    /// <summary>Puts whole people, puts them into groups one by one.</summary>
    sealed class OneLogin() : Dialect("OneLogin")
    {
        public override int Batch => 1;
    }

    /// <summary>Puts whole people and whole groups, never deletes anybody.</summary>
    sealed class JumpCloud() : Dialect("JumpCloud")
    {
        public override bool Deletes => false;

        Task Put(ProvidersClient client, ProvidersGroup group) => client.Expect("PUT", $"/Groups/{group.Linked}", new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Group"),
            ["displayName"] = group.Name,
            ["externalId"] = group.Id,
            ["members"] = Values(group.There),
        }, HttpStatusCode.OK);

        public override Task Add(ProvidersClient client, ProvidersGroup group, IReadOnlyList<ProvidersPerson> people) => Put(client, group);

        public override Task Remove(ProvidersClient client, ProvidersGroup group, IReadOnlyList<ProvidersPerson> people) =>
            Put(client, group);

        public override Task Rename(ProvidersClient client, ProvidersGroup group) => Put(client, group);
    }

    /// <summary>People alone, by patches; whoever leaves is switched off and deleted later.</summary>
    sealed class Google() : Dialect("Google")
    {
        public override bool HasGroups => false;

        protected override Task<(HttpStatusCode Status, JsonElement Body)> Replace(ProvidersClient client, Guid id,
            ProvidersPerson person)
        {
            var whole = person.Whole();
            whole.Remove("schemas");
            return client.Ask("PATCH", $"/Users/{id}", Patch(Op("replace", null, whole)));
        }

        public override Task Switch(ProvidersClient client, ProvidersPerson person) => client.Expect("PATCH", $"/Users/{person.Linked}",
            Patch(Op("replace", "active", person.Active)), HttpStatusCode.OK);
    }
}
