using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Tests.Support;
using MediatR;

namespace DirectoryPlatform.Tests.Architecture;

/// <summary>What stands at a module's root is there for others (decision 0055): a public type is used by another project of the product,
/// or is a request, a fact or a refusal, or is carried by one that is. What only the module itself needs is <c>internal</c>. Uses are read
/// from the sources: constants leave no trace in a compiled program.</summary>
public sealed partial class ContractsAreAskedFor
{
    [Theory]
    [MemberData(nameof(All))]
    public void Every_public_type_of_a_module_is_asked_for(string module)
    {
        var assembly = Modules.All.Single(a => a.GetName().Name == $"DirectoryPlatform.{module}");
        var types = assembly.GetExportedTypes().Where(t => !t.IsNested && !t.IsDefined(typeof(GeneratedCodeAttribute))).ToList();
        types.Count.ShouldBeGreaterThan(5);
        Unasked(types, SaidOutside(module)).ShouldBeEmpty();
    }

    public static TheoryData<string> All() => [.. Modules.All.Select(a => a.GetName().Name!["DirectoryPlatform.".Length..]).Order()];

    [Fact]
    public void A_planted_type_that_nobody_asks_for_is_found() =>
        Unasked(
            [
                typeof(Asked), typeof(Carried), typeof(Answered), typeof(Part), typeof(Used), typeof(Extending), typeof(Why),
                typeof(Forgotten),
            ], new HashSet<string> { "Used", "Extend" }).ShouldBe(["Forgotten"]);

    public sealed record Asked(Carried What) : IRequest<Answered>;
    public sealed record Carried;
    public sealed record Answered(IReadOnlyDictionary<string, Part[]> Parts);
    public sealed record Part;
    public sealed record Used;
    public sealed record Why() : Refusal("why", "Why not.");
    public sealed record Forgotten(Used By);

    /// <param name="said">Every word of the sources of other projects.</param>
    static IEnumerable<string> Unasked(IReadOnlyList<Type> types, IReadOnlySet<string> said)
    {
        var (asked, open) = (new HashSet<Type>(), new Stack<Type>(types.Where(t => IsAsked(t, said))));
        while (open.TryPop(out var type))
            if (asked.Add(type))
                foreach (var carried in Signature(type).SelectMany(Parts).Where(types.Contains)) open.Push(carried);
        return types.Except(asked).Select(t => t.Name).Order();
    }

    static bool IsAsked(Type type, IReadOnlySet<string> said) =>
        said.Contains(Name(type)) || type.IsAssignableTo(typeof(IBaseRequest)) || type.IsAssignableTo(typeof(Fact))
        || type.IsAssignableTo(typeof(Refusal))
        || type.GetMethods().Any(m => m.IsDefined(typeof(ExtensionAttribute)) && said.Contains(m.Name));

    /// <summary>An attribute is written without its last word, and a generic type without the number of its arguments.</summary>
    static string Name(Type type) =>
        type.IsAssignableTo(typeof(Attribute)) ? type.Name[..^"Attribute".Length] : type.Name.Split('`')[0];

    /// <summary>Whoever holds one can be handed these.</summary>
    static IEnumerable<Type> Signature(Type type) =>
    [
        .. type.BaseType is { } parent ? (Type[])[parent] : [], .. type.GetInterfaces(),
        .. type.GetProperties().Select(p => p.PropertyType), .. type.GetFields().Select(f => f.FieldType),
        .. type.GetConstructors().SelectMany(c => c.GetParameters()).Select(p => p.ParameterType),
        .. type.GetMethods(Everything).Where(m => m.IsPublic || m.IsFamily)
            .SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType)),
    ];

    const BindingFlags Everything = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : [type];

    static HashSet<string> SaidOutside(string module) =>
        new[] { "modules", "web", "host" }.Select(folder => new DirectoryInfo(Path.Combine(Checkout.Root.FullName, folder)))
            .SelectMany(folder => folder.EnumerateFiles("*.cs*", SearchOption.AllDirectories))
            .Where(file => file.Extension is ".cs" or ".cshtml" && !Elsewhere().IsMatch(file.FullName)
                && !file.FullName.Contains($"/modules/{module}/", StringComparison.Ordinal))
            .SelectMany(file => Word().Matches(File.ReadAllText(file.FullName)).Select(m => m.Value)).ToHashSet();

    [GeneratedRegex("/(obj|bin|node_modules)/")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}

/// <summary>Planted: its callers write the method's name alone.</summary>
public static class Extending
{
    public static int Extend(this int number) => number;
}
