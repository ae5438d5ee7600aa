using System.Diagnostics;
using System.Text.Json;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Reads CSV with Python's own parser: what we write must be understood by somebody who does not know how we write.</summary>
static class IndependentCsv
{
    const string Script =
        "import csv,io,json,sys; t=io.TextIOWrapper(sys.stdin.buffer, encoding='utf-8-sig', newline=''); "
        + "json.dump(list(csv.reader(t, strict=True)), sys.stdout)";

    public static async Task<IReadOnlyList<string[]>> Read(byte[] file)
    {
        using var python = Process.Start(new ProcessStartInfo(Checkout.Python, ["-c", Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        })!;
        var (said, faults) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.StandardInput.BaseStream.WriteAsync(file);
        python.StandardInput.Close();
        await python.WaitForExitAsync();
        return python.ExitCode == 0
            ? JsonSerializer.Deserialize<List<string[]>>(await said)!
            : throw new InvalidDataException(await faults);
    }
}
