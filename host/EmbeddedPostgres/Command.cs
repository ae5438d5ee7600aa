using System.ComponentModel;
using System.Diagnostics;

namespace DirectoryPlatform.Host.EmbeddedPostgres;

/// <summary>A short program run to its end. Used for the few things that .NET has no call for:
/// initdb, pg_dump, owners of files, real paths.</summary>
internal static class Command
{
    internal readonly record struct Result(int ExitCode, string Output)
    {
        internal bool Succeeded => ExitCode == 0;
    }

    /// <summary>127 with the reason when the program cannot be started at all, as a shell would answer.</summary>
    /// <param name="environment">Over this process's; null takes a name out.</param>
    internal static async Task<Result> Run(IReadOnlyList<string> argv, CancellationToken ct,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(argv[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true
        };
        foreach (var argument in argv.Skip(1)) start.ArgumentList.Add(argument);
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var error = process.StandardError.ReadToEndAsync(ct);
            try
            {
                await process.WaitForExitAsync(ct);
                return new(process.ExitCode, (await output + await error).Trim());
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
        catch (Win32Exception missing)
        {
            return new(127, $"{argv[0]}: {missing.Message}");
        }
    }
}
