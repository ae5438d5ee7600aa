using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Web;

namespace DirectoryPlatform.Tests.Architecture;

/// <summary>What a node remembers belongs to its services: two nodes in one process share nothing,
/// and a test's node starts with nothing of another's.</summary>
public sealed class NothingIsStatic
{
    /// <summary>About types, not about rows: the same for every node.</summary>
    static readonly string[] Allowed = ["FactTypes.Marked"];

    static IEnumerable<FieldInfo> Statics(IEnumerable<Type> types) =>
        types.Where(t => t.GetCustomAttribute<CompilerGeneratedAttribute>() is null && !t.Name.StartsWith('<'))
        .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(f => !f.IsLiteral && !f.Name.StartsWith("<>", StringComparison.Ordinal));

    /// <summary>Of types that are there to be written to: dictionaries that are filled once are not told from them, so tables are frozen or
    /// read-only by their field's type.</summary>
    static bool Remembers(FieldInfo field) => !field.IsInitOnly
        || (field.FieldType.Namespace == "System.Collections.Concurrent" && typeof(IEnumerable).IsAssignableFrom(field.FieldType))
        || field.FieldType.Name is "MemoryCache" or "SemaphoreSlim" or "ConditionalWeakTable`2";

    static IEnumerable<string> Found(IEnumerable<Type> types) =>
        Statics(types).Where(Remembers).Select(f => $"{f.DeclaringType!.Name}.{f.Name}");

    [Fact]
    public void No_module_and_no_page_keeps_anything_in_a_static_field()
    {
        var types = Modules.All.Append(typeof(WebSettings).Assembly).SelectMany(a => a.GetTypes()).ToList();
        Statics(types).Count().ShouldBeGreaterThan(50);
        Found(types).Except(Allowed).ShouldBeEmpty();
    }

    [Fact]
    public void One_that_does_is_found() => Found([typeof(Careless)]).Order().ShouldBe(["Careless.Count", "Careless.Known"]);

    static class Careless
    {
        public static readonly System.Collections.Concurrent.ConcurrentDictionary<int, int> Known = new();
        public static int Count = Known.Count;
    }
}
