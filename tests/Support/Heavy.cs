namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// Proofs that start and kill whole processes, or need both cores for a while: one after the other, beside the ordinary tests. What
/// measures time is
/// <see cref="Alone"/> instead.
/// </summary>
[CollectionDefinition(Name)]
public sealed class Heavy
{
    public const string Name = "heavy";
}
