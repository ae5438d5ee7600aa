namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// A heavy proof has one code and two sizes: a small one for every run, and the whole one, which a release needs,
/// when <c>DIRECTORYPLATFORM_FULL</c> is 1.
/// </summary>
static class Sizes
{
    static readonly bool Full = Environment.GetEnvironmentVariable("DIRECTORYPLATFORM_FULL") == "1";

    public static int Of(int small, int full) => Full ? full : small;
}
