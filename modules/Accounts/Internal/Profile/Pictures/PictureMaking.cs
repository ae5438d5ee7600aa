using System.ComponentModel;
using System.Diagnostics;

namespace DirectoryPlatform.Accounts.Internal.Profile.Pictures;

/// <summary>
/// Makes the square that is kept (SPEC M5), in a process of its own for each upload (<see cref="PictureProgram"/>): a file that takes too
/// long, wants too much or breaks its decoder costs that process, and its upload a refusal. One at a time per node, which bounds the
/// memory that pictures can take.
/// </summary>
sealed class PictureMaking(PictureProgram program, ILogger<PictureMaking> log)
{
    /// <summary>Twice what the largest PNG and the largest progressive JPEG took (decision 0083).</summary>
    internal const int Megabytes = 512;

    /// <summary>Of a processor; the largest pictures took half of one (decision 0083).</summary>
    internal const int ProcessorSeconds = 10;

    /// <summary>A square takes 10 kB, one of noise 60.</summary>
    const int LongestAnswer = 512 * 1024;

    /// <summary>By the clock on the wall, on a machine that has more to do.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    readonly SemaphoreSlim _one = new(1);

    /// <returns>A WebP file.</returns>
    public async Task<Outcome<byte[]>> Square(byte[] upload, CancellationToken ct)
    {
        if (PictureHeader.Read(upload) is not { } header) return new PictureUnreadable();
        if (!header.IsModest) return new PictureHasTooManyPixels();
        await _one.WaitAsync(ct);
        try { return await InAProcess(upload, ct); }
        finally { _one.Release(); }
    }

    async Task<Outcome<byte[]>> InAProcess(byte[] upload, CancellationToken ct)
    {
        using var child = new Process { StartInfo = Start() };
        try { child.Start(); }
        catch (Win32Exception missing)
        {
            log.PicturesCannotBeDrawn(missing, program.File);
            return new PicturesUnavailable();
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            var (answer, silence) = (Heard(child, limit.Token), child.StandardError.BaseStream.CopyToAsync(Stream.Null, limit.Token));
            await Told(child.StandardInput.BaseStream, upload, limit.Token);
            var square = await answer;
            await silence;
            await child.WaitForExitAsync(limit.Token);
            if (child.ExitCode == 0 && square is not null
                && PictureHeader.Read(square) is { Kind: PictureKind.WebP, Width: PictureDrawing.Side, Height: PictureDrawing.Side })
                return square;
            if (child.ExitCode == PictureChild.Unlimited)
            {
                log.PicturesCannotBeDrawn(null, program.File);
                return new PicturesUnavailable();
            }
            if (child.ExitCode != PictureChild.Unreadable) log.PictureBroke(upload.Length, child.ExitCode);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested) { log.PictureTookTooLong(upload.Length); }
        finally
        {
            try { if (!child.HasExited) child.Kill(entireProcessTree: true); }
            finally { Close(child); }
        }
        return new PictureUnreadable();
    }

    /// <summary>A process closes no stream that somebody asked it for.</summary>
    static void Close(Process child)
    {
        foreach (var pipe in (Stream[])
            [child.StandardInput.BaseStream, child.StandardOutput.BaseStream, child.StandardError.BaseStream])
            try { pipe.Dispose(); }
            catch (IOException) { } // the other end is gone
    }

    ProcessStartInfo Start()
    {
        var start = new ProcessStartInfo(program.File)
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[.. program.Arguments, PictureProgram.Word, $"{Megabytes}", $"{ProcessorSeconds}"])
            start.ArgumentList.Add(argument);
        // Whoever takes the child over finds no password of a database in its surroundings.
        var kept = new[] { "PATH", "HOME", "DOTNET_ROOT", "TMPDIR" }.Select(name => (name, value: Environment.GetEnvironmentVariable(name)))
            .Where(one => one.value is not null).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in kept) start.Environment[name] = value;
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // nor files and sockets for debuggers
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x4000000"; // hexadecimal: 64 MB for the upload and its square
        return start;
    }

    /// <summary>One that has ended reads nothing more.</summary>
    static async Task Told(Stream input, byte[] upload, CancellationToken ct)
    {
        try
        {
            await input.WriteAsync(upload, ct);
            await input.DisposeAsync();
        }
        catch (IOException) { }
    }

    /// <returns>Null when it is longer than any square; then the child has been ended.</returns>
    static async Task<byte[]?> Heard(Process child, CancellationToken ct)
    {
        var room = new byte[LongestAnswer + 1];
        var length = await child.StandardOutput.BaseStream.ReadAtLeastAsync(room, room.Length, throwOnEndOfStream: false, ct);
        if (length <= LongestAnswer) return room[..length];
        child.Kill(entireProcessTree: true);
        return null;
    }
}
