namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// Proofs that kill whole processes in the middle of great work: one after the other, beside the ordinary tests. What measures time is
/// <see cref="Alone"/> instead. The longest of those that start programs stands here, too, so that both rows end together.
/// </summary>
[CollectionDefinition(Name)]
public sealed class Heavy
{
    public const string Name = "heavy";
}

/// <summary>
/// Proofs that start whole processes, or need a core for a while: one after the other, beside the ordinary tests and beside one of
/// <see cref="Heavy"/>. In one row with those they went on when all others were over.
/// </summary>
[CollectionDefinition(Name)]
public sealed class Programs
{
    public const string Name = "programs";
}
