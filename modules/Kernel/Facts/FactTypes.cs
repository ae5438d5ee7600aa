using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DirectoryPlatform.Kernel.Facts;

/// <summary>Facts by name, and their JSON, whole (outbox) or with the personal values apart (audit).</summary>
sealed class FactTypes
{
    readonly Dictionary<string, Type> _byName;
    static readonly ConcurrentDictionary<(Type, Type), string[]> Marked = new();

    /// <exception cref="ArgumentException">Two facts share a name: names are what the database keeps.</exception>
    public FactTypes(IEnumerable<Assembly> modules) => _byName = modules
        .SelectMany(m => m.GetTypes()).Where(t => t.IsSubclassOf(typeof(Fact)) && !t.IsAbstract)
        .SelectMany(t => NamesOf(t).Select(name => (name, t))).ToDictionary(n => n.name, n => n.t);

    static IEnumerable<string> NamesOf(Type fact) =>
        fact.GetCustomAttributes<AlsoStoredAsAttribute>(inherit: false).Select(also => also.Name).Append(fact.Name);

    /// <summary>Null for a name that nobody knows any more.</summary>
    internal Type? Find(string name) => _byName.GetValueOrDefault(name);

    public Fact Read(string name, string json) => (Fact)JsonSerializer.Deserialize(json, _byName[name], KernelJson.Options)!;

    public static string Write(Fact fact) => JsonSerializer.Serialize(fact, fact.GetType(), KernelJson.Options);

    /// <summary>The fact without its personal values, and those alone; the second is null when there are none.</summary>
    internal static (string Plain, JsonObject? Personal) Split(Fact fact)
    {
        var (personalNames, secretNames) = (Names<PersonalAttribute>(fact.GetType()), Names<SecretAttribute>(fact.GetType()));
        if (personalNames.Length + secretNames.Length == 0) return (Write(fact), null);
        var whole = JsonSerializer.SerializeToNode(fact, fact.GetType(), KernelJson.Options)!.AsObject();
        JsonObject? personal = null;
        foreach (var name in secretNames) whole.Remove(name);
        foreach (var name in personalNames)
            if (whole.Remove(name, out var value) && value is not null)
                (personal ??= [])[name] = value;
        return (whole.ToJsonString(), personal);
    }

    static string[] Names<TMark>(Type type) where TMark : Attribute => Marked.GetOrAdd((type, typeof(TMark)), _ => [.. type.GetProperties()
        .Where(p => p.GetCustomAttribute<TMark>() is not null).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))]);

    /// <summary>The reverse of <see cref="Split"/>, for answering a repeated command from its audit entry.</summary>
    internal Fact Join(string name, string plain, string? personal)
    {
        var whole = JsonNode.Parse(plain)!.AsObject();
        if (personal is not null && JsonNode.Parse(personal)!["fact"] is JsonObject values)
            foreach (var (key, value) in values)
                whole[key] = value?.DeepClone();
        return Read(name, whole.ToJsonString());
    }
}
