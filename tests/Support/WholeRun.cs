namespace DirectoryPlatform.Tests.Support;

/// <summary>What can only be asked when all other tests are over. The runner keeps collections
/// that do not run beside others for the end.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeRun
{
    public const string Name = "when all others are over";

    /// <summary>Set by <c>./test</c> without a filter: a part of the tests sees only a part.</summary>
    public static bool IsOn => Environment.GetEnvironmentVariable("DIRECTORYPLATFORM_WHOLE_RUN") == "1";
}
