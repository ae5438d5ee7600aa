using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// Gives a small job a long middle, so that a small proof still meets it there: every chunk waits before its end, in its transaction and
/// one after the other. Taken back at the end, because the database may be another test's next.
/// </summary>
public sealed class SlowJobs : IAsyncDisposable
{
    /// <summary>For nodes of small proofs: what has several chunks or workers when it is large has them when it is small, too.</summary>
    public static void InChunks(IServiceCollection services) =>
        services.AddSingleton(new BackgroundSettings { MostAtOnce = Proof.Size(200, int.MaxValue) });

    readonly TestInstallation _here;

    SlowJobs(TestInstallation here) => _here = here;

    /// <param name="eachChunk">Zero for as fast as it goes, which whole proofs want: their jobs are long enough.</param>
    public static async Task<SlowJobs> On(TestInstallation here, TimeSpan eachChunk)
    {
        if (eachChunk > TimeSpan.Zero)
            await here.Rows<int>($"""
                create function kernel.wait_with_chunk() returns trigger language plpgsql as
                  'begin perform pg_advisory_xact_lock(20261128), pg_sleep({(int)eachChunk.TotalMilliseconds} / 1000.0); return new; end';
                create trigger wait_with_chunk before insert on kernel.job_result for each row execute function kernel.wait_with_chunk()
                """);
        return new(here);
    }

    public async ValueTask DisposeAsync() => await _here.Rows<int>("drop function if exists kernel.wait_with_chunk cascade");
}
