using System.Text.Json;
using DirectoryPlatform.Provisioning;
using static DirectoryPlatform.Tests.Provisioning.Providers.ProviderWords;

namespace DirectoryPlatform.Tests.Provisioning.Providers;

/// <summary>One directory at one provider: what happens in it, and how the provider tells.</summary>
/// <param name="prefix">Begins all its names, which other directories of the organization must not have.</param>
sealed class ProvidersCycle(Dialect dialect, IdentityRule rule, string prefix, string domain, ProvidersClient client, int people,
    int groups)
{
    /// <summary>Requests of one directory at once: providers ask for several people side by side.</summary>
    const int AtOnce = 4;

    public List<ProvidersPerson> People { get; } =
        [.. Enumerable.Range(0, people).Select(i => new ProvidersPerson($"{prefix}-{Number(i)}", $"{prefix}p{Number(i)}", domain))];
    public List<ProvidersGroup> Groups { get; } = dialect.HasGroups
        ? [.. Enumerable.Range(0, groups).Select(i => new ProvidersGroup($"{prefix}-g{Number(i)}", $"{prefix} group {Number(i)}"))]
        : [];

    public IdentityRule Rule => rule;
    public string Name => $"{dialect.Name}, {rule}";

    /// <summary>People whom the platform wanted an admin's word for.</summary>
    public List<ProvidersPerson> Waiting { get; private set; } = [];

    /// <summary>Whoever was hired again under another id, with the account of before.</summary>
    public List<(ProvidersPerson Person, Guid Before)> Rehired { get; } = [];

    /// <summary>Whoever of every ten it happens to.</summary>
    IReadOnlyList<ProvidersPerson> Fate(int number) => [.. People.Where((_, i) => i % 10 == number)];

    static Task Each(IEnumerable<ProvidersPerson> all, Func<ProvidersPerson, Task> deed) => Parallel.ForEachAsync(all,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (person, _) => await deed(person));

    async Task Bring(IEnumerable<ProvidersPerson> all)
    {
        var waiting = new System.Collections.Concurrent.ConcurrentBag<ProvidersPerson>();
        await Each(all, async person =>
        {
            // Once more where the first answer was lost, or the first try cleared the way.
            if (!await dialect.Bring(client, person) && !await dialect.Bring(client, person)) waiting.Add(person);
        });
        Waiting = [.. waiting];
    }

    public async Task Load()
    {
        await dialect.Begin(client);
        await Bring(People);
        Waiting.ShouldBeEmpty(Name);
        foreach (var (group, i) in Groups.Select((g, i) => (g, i)))
        {
            // Everybody in four groups at most: with a third of all of them, half a million memberships took longer than all else.
            group.Members.UnionWith(People.Where((_, p) => (p + i) % Groups.Count < Math.Clamp(Groups.Count / 3, 1, 4)));
            await dialect.Bring(client, group);
        }
    }

    /// <summary>A day: changed details, other names, leavers, newcomers, groups.</summary>
    public async Task Day()
    {
        foreach (var person in Fate(0)) person.Title = "Director";
        foreach (var person in Fate(1)) person.Department = "Sales";
        foreach (var person in Fate(2)) (person.Family, person.Local) = ($"New{person.Family}", $"{person.Local}.new");
        await Each([.. Fate(0), .. Fate(1), .. Fate(2)], person => dialect.Change(client, person));
        await Off([.. Fate(3), .. Fate(4), .. Fate(5), .. Fate(6), .. Fate(7)]);
        var newcomers = Enumerable.Range(0, Math.Max(1, people / 20))
            .Select(i => new ProvidersPerson($"{prefix}-n{Number(i)}", $"{prefix}n{Number(i)}", domain)).ToList();
        await Bring(newcomers);
        Waiting.ShouldBeEmpty(Name);
        People.AddRange(newcomers);
        foreach (var group in Groups.Take(2))
        {
            var goes = group.There.Take(2).ToList();
            group.Members.ExceptWith(goes);
            await dialect.Remove(client, group, goes);
            group.Members.UnionWith(newcomers);
            await dialect.Add(client, group, newcomers);
        }
        if (Groups is not [var first, .., var last]) return;
        first.Name += " renamed";
        await dialect.Rename(client, first);
        (last.Gone, last.Name) = (true, $"{last.Name} gone");
        await dialect.Delete(client, last);
    }

    async Task Off(IReadOnlyList<ProvidersPerson> leavers)
    {
        foreach (var person in leavers) person.Active = false;
        await Each(leavers, person => dialect.Switch(client, person));
    }

    /// <summary>Of those who left: some are deleted softly and restored, some come back, some are deleted for good.</summary>
    public async Task Weeks()
    {
        if (dialect.RenamesDeleted)
        {
            foreach (var person in Fate(6)) person.DeletedName = $"{Guid.NewGuid():n}{person.Address}";
            await Each(Fate(6), person => dialect.Change(client, person));
        }
        foreach (var person in Fate(6)) (person.DeletedName, person.Active) = (null, true);
        await Each(Fate(6), person => dialect.Change(client, person));
        foreach (var person in Fate(4)) person.Active = true;
        await Each(Fate(4), person => dialect.Switch(client, person));
        if (!dialect.Deletes) return;
        foreach (var person in (ProvidersPerson[])[.. Fate(5), .. Fate(7)]) person.Gone = true;
        await Each([.. Fate(5), .. Fate(7)], person => dialect.Delete(client, person));
    }

    /// <summary>The same names, hired again under other ids.</summary>
    public async Task Rehire()
    {
        foreach (var person in Fate(5))
        {
            Rehired.Add((person, person.Linked!.Value));
            (person.Id, person.Active, person.Gone, person.Linked) = ($"{person.Id}-again", true, false, null);
        }
        await Bring(Fate(5));
    }

    /// <summary>What the platform did not take the last time, in the provider's next cycle; and groups by what they are now.</summary>
    public async Task Again()
    {
        await Bring(Waiting);
        foreach (var group in Groups.Where(g => !g.Gone)) await dialect.Add(client, group, [.. group.There]);
    }

    /// <summary>What both sides say, sorted: of the platform as its answers say it.</summary>
    public async Task<(IReadOnlyList<string> Theirs, IReadOnlyList<string> Ours)> Compare()
    {
        var users = await client.All("/Users", 100);
        var names = users.ToDictionary(u => u.GetProperty("id").GetString()!, u => u.GetProperty("userName").GetString()!);
        var ours = users.Select(Written).ToList();
        foreach (var group in await client.All("/Groups", 50))
            ours.Add($"{group.GetProperty("displayName").GetString()}: " + string.Join(' ',
                (group.TryGetProperty("members", out var members) ? members.EnumerateArray().ToArray() : [])
                    .Select(m => names[m.GetProperty("value").GetString()!]).Order(StringComparer.Ordinal)));
        List<string> theirs = [.. People.Where(p => !p.Gone).Select(p => p.Written), .. Groups.Where(g => !g.Gone).Select(g => g.Written)];
        return ([.. theirs.Order(StringComparer.Ordinal)], [.. ours.Order(StringComparer.Ordinal)]);
    }

    static string Written(JsonElement user) => string.Join(' ', user.GetProperty("externalId").GetString(),
        user.GetProperty("userName").GetString(), user.GetProperty("emails")[0].GetProperty("value").GetString(),
        user.GetProperty("active").GetBoolean(), user.GetProperty("name").GetProperty("givenName").GetString(),
        user.GetProperty("name").GetProperty("familyName").GetString(), user.GetProperty("title").GetString(),
        user.GetProperty(MadeUpUsers.Enterprise).GetProperty("department").GetString());
}
