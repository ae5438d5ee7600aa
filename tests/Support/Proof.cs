namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// Heavy proofs have one code and two sizes. The small one runs with every <c>./test</c> and must still see the rule broken; the whole one
/// is what a release needs.
/// </summary>
/// <remarks>Knows nothing of xunit, so that the browser tests can use the file too.</remarks>
public static class Proof
{
    /// <summary><c>DIRECTORYPLATFORM_FULL=1</c>: everything at its whole size but what has a run of its own.</summary>
    public static readonly bool Whole = Environment.GetEnvironmentVariable("DIRECTORYPLATFORM_FULL") == "1";

    /// <summary>
    /// <c>DIRECTORYPLATFORM_RUN</c>: the named run whose proofs are at their whole size, such as <c>Kills</c>; the name stands in the trait
    /// <c>Run</c> of each.
    /// </summary>
    static readonly string? Run = Environment.GetEnvironmentVariable("DIRECTORYPLATFORM_RUN");

    public static T Size<T>(T small, T whole) => Whole ? whole : small;

    /// <param name="run">For what takes so long, whole, that a run of everything would wait for it.</param>
    public static T Size<T>(string run, T small, T whole) => Run == run ? whole : small;

    static readonly SemaphoreSlim Gate = new(1);

    /// <summary>By everybody's tests on this machine: two heavy proofs on two cores only measure how they disturb each other.</summary>
    static readonly string LockFile = Path.Combine(Path.GetTempPath(), $"directory-platform-heavy-proof-{Environment.UserName}");

    /// <summary>
    /// Held by a heavy proof until it is disposed of: no other one runs meanwhile, neither here nor in another process. Ordinary tests do.
    /// </summary>
    public static async Task<IDisposable> Alone()
    {
        await Gate.WaitAsync();
        try
        {
            while (true)
            {
                // Locked by the file's handle, which the system closes when its process dies.
                try { return new Turn(new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)); }
                catch (IOException) { await Task.Delay(50); } // Another process has its turn.
            }
        }
        catch
        {
            Gate.Release();
            throw;
        }
    }

    sealed class Turn(FileStream held) : IDisposable
    {
        public void Dispose()
        {
            held.Dispose();
            Gate.Release();
        }
    }
}
