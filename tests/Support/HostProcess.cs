using System.Diagnostics;
using System.Text;

namespace DirectoryPlatform.Tests.Support;

/// <summary>The product's own program as a child, for what can only be proved by killing it.</summary>
public sealed class HostProcess : IDisposable
{
    readonly Process _process;
    readonly StringBuilder _said = new();

    HostProcess(Process process) => _process = process;

    public int Id => _process.Id;

    static string Program => Path.Combine(AppContext.BaseDirectory, "DirectoryPlatform.Host.dll");

    public static HostProcess Start(params string[] arguments) => Child("dotnet", [Program, .. arguments]);

    /// <summary>The same where nothing can be written to standard error, as on a full disk.</summary>
    public static HostProcess StartMute(params string[] arguments) =>
        Child("sh", ["-c", "exec dotnet \"$0\" \"$@\" 2>/dev/full", Program, .. arguments]);

    static HostProcess Child(string program, string[] arguments) => new(Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        WorkingDirectory = AppContext.BaseDirectory
    })!);

    /// <summary>
    /// Chunks so small that a small job has many, and dead nodes that are noticed soon. A whole proof runs the product as it is.
    /// </summary>
    public static (string Name, string Value)[] SmallChunks(int items) =>
    [
        ("Background__MostAtOnce", $"{items}"), ("Background__CheckInMilliseconds", "250"), ("Background__CheckInLateMilliseconds", "500"),
    ];

    /// <summary>A node of an installation on an external database; what it prints is thrown away.</summary>
    public static HostProcess StartNode(string connectionString, string url, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory
        };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "DirectoryPlatform.Host.dll"), "--no-demo", "--urls",
            url]) start.ArgumentList.Add(argument);
        start.Environment["ConnectionStrings__Directory"] = connectionString;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        start.Environment["Doors__Times"] = "100000";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process);
    }

    /// <summary>The product with these arguments; what it prints is in <see cref="Said"/>.</summary>
    public static HostProcess StartHeard(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "DirectoryPlatform.Host.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var heard = new HostProcess(new() { StartInfo = start });
        heard._process.OutputDataReceived += (_, line) => heard.Hear(line.Data);
        heard._process.ErrorDataReceived += (_, line) => heard.Hear(line.Data);
        heard._process.Start();
        heard._process.BeginOutputReadLine();
        heard._process.BeginErrorReadLine();
        return heard;
    }

    void Hear(string? line)
    {
        lock (_said) _said.AppendLine(line);
    }

    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int Exit, string Said)> Run(string[] arguments, params (string Name, string Value)[] environment)
    {
        using var process = StartHeard(arguments, environment);
        var exit = await process.Ends(TimeSpan.FromMinutes(3));
        return (exit, process.Said);
    }

    public async Task<string?> ReadLine() => await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>SIGKILL: the process gets no chance to say goodbye.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: it ends what it is doing, and then itself.</summary>
    public async Task Stop()
    {
        Signal("-TERM");
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it lives, and does nothing; <see cref="Thaw"/> lets it go on as if nothing had been.</summary>
    public void Freeze() => Signal("-STOP");

    public void Thaw() => Signal("-CONT");

    /// <summary>SIGTERM: it is asked to end, in good order.</summary>
    public void Terminate() => Signal("-TERM");

    public bool HasExited => _process.HasExited;

    /// <summary>Its exit code.</summary>
    public async Task<int> Ends(TimeSpan atMost)
    {
        await _process.WaitForExitAsync().WaitAsync(atMost);
        return _process.ExitCode;
    }

    void Signal(string name)
    {
        using var kill = Process.Start("kill", [name, $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
