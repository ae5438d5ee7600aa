namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// Proofs in which real time is the thing tested: one after the other, when those that may run beside one another are over. Beside eight
/// others a name server that answers in a millisecond is a second late.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
