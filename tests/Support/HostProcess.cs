using System.Diagnostics;

namespace DirectoryPlatform.Tests.Support;

/// <summary>The product's own program as a child, for what can only be proved by killing it.</summary>
public sealed class HostProcess : IDisposable
{
    readonly Process _process;

    HostProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static HostProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = AppContext.BaseDirectory };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "DirectoryPlatform.Host.dll"), .. arguments]) start.ArgumentList.Add(argument);
        return new(Process.Start(start)!);
    }

    public async Task<string?> ReadLine() => await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>SIGKILL: the process gets no chance to say goodbye.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
