using DirectoryPlatform.Kernel.Cluster;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;

namespace DirectoryPlatform.Kernel.Grains;

/// <summary>How commands, facts and refusals travel: between silos as the JSON that the outbox keeps, so that modules need no word of
/// Orleans; within one they are passed as they are, because nobody can change them.</summary>
sealed class TurnCodec : ISiloPart, IGeneralizedCopier
{
    static bool Travels(Type type) =>
        typeof(Fact).IsAssignableFrom(type) || typeof(Refusal).IsAssignableFrom(type) || IsCommand(type);

    static bool IsCommand(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(GrainCommand<,>)) return true;
        return false;
    }

    public void AddTo(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<IGeneralizedCopier>(this);
        silo.Services.AddSerializer(serializer => serializer.AddJsonSerializer(
            isSerializable: Travels, isCopyable: _ => false,
            configureOptions: o => o.Configure(j => j.SerializerOptions = KernelJson.Options)));
    }

    public bool IsSupportedType(Type type) => Travels(type);

    public object? DeepCopy(object? input, CopyContext context) => input;
}
