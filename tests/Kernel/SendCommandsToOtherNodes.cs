using System.Runtime.CompilerServices;
using System.Text.Json;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Host.Startup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Serialization;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>What is said to a grain on another node arrives as it was said.</summary>
public sealed class SendCommandsToOtherNodes
{
    static readonly Serializer Codec = Made();

    static Serializer Made()
    {
        var services = new ServiceCollection();
        new TurnCodec().AddTo(new Builder(services));
        return services.BuildServiceProvider().GetRequiredService<Serializer>();
    }

    sealed record Builder(IServiceCollection Services) : ISiloBuilder
    {
        public IConfiguration Configuration => new ConfigurationBuilder().Build();
    }

    static bool IsCommand(Type type)
    {
        for (var b = type.BaseType; b is not null; b = b.BaseType)
            if (b.IsGenericType && b.GetGenericTypeDefinition() == typeof(GrainCommand<,>)) return true;
        return false;
    }

    /// <summary>What a handler says of many turns; no grain does.</summary>
    static readonly Type HoldsOthers = typeof(DetailsRefused);

    public static TheoryData<Type> Said() => [.. Modules.All.SelectMany(m => m.GetTypes())
        .Where(t => !t.IsAbstract && t != HoldsOthers)
        .Where(t => IsCommand(t) || t.IsSubclassOf(typeof(Refusal)) || t.IsSubclassOf(typeof(Fact)))];

    [Theory, MemberData(nameof(Said))]
    public void Arrives(Type type)
    {
        var sent = Sample(type, 0)!;
        var arrived = Codec.Deserialize<object>(Codec.SerializeToArray<object>(sent));
        arrived.ShouldNotBeNull().GetType().ShouldBe(type);
        Text(arrived).ShouldBe(Text(sent));
        if (sent is DirectoryPlatform.Kernel.Outcomes.Refusal or Fact) return;
        type.GetProperty("CommandId")!.GetValue(arrived).ShouldBe(type.GetProperty("CommandId")!.GetValue(sent));
        type.GetProperty("Target")!.GetValue(arrived).ShouldBe(type.GetProperty("Target")!.GetValue(sent));
    }

    static string Text(object what) => JsonSerializer.Serialize(what, what.GetType(), KernelJson.Options);

    /// <summary>One with a value wherever it can have one.</summary>
    static object? Sample(Type type, int deep)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) type = inner;
        if (type == typeof(string)) return "some words";
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return 7;
        if (type == typeof(long)) return 7L;
        if (type == typeof(Guid)) return Guid.CreateVersion7();
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
        if (type == typeof(TimeSpan)) return TimeSpan.FromDays(3);
        if (type == typeof(EmailAddress)) return EmailAddress.Trusted("liam@acme.example");
        if (type.IsEnum) return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)) return null;
        var element = type.IsArray ? type.GetElementType()
            : type.IsGenericType && type.IsInterface ? type.GetGenericArguments()[0] : null;
        if (element is not null)
        {
            var some = Array.CreateInstance(element, 1);
            some.SetValue(Sample(element, deep + 1), 0);
            return some;
        }
        if (deep > 6 || type.IsAbstract || type.IsInterface) return null;
        var made = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length)
            .FirstOrDefault(c => c.GetParameters() is not [var one] || one.ParameterType != type);
        return made is null
            ? RuntimeHelpers.GetUninitializedObject(type)
            : made.Invoke([.. made.GetParameters().Select(p => Sample(p.ParameterType, deep + 1))]);
    }
}
