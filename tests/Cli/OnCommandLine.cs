using System.Diagnostics;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Tests.Web;

namespace DirectoryPlatform.Tests.Cli;

/// <summary>The program <c>directory</c> itself, as a process, against the product on a real port.</summary>
public abstract class OnCommandLine : OnApi
{
    readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("dp-cli-");

    private protected WholeSite Listening { get; private set; } = null!;
    protected string Address => Listening.Address.AbsoluteUri.TrimEnd('/');

    /// <summary>Where commands run, and below which the program keeps its key.</summary>
    protected string Folder => _folder.FullName;

    protected string Kept => Path.Combine(Folder, "config", "directory-platform", "credentials.json");

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Listening = await WholeSite.Listening(Here);
        var program = Path.Combine(Folder, "directory");
        await File.WriteAllTextAsync(program,
            $"#!/bin/sh\nexec dotnet {Path.Combine(AppContext.BaseDirectory, "directory.dll")} \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public override async Task DisposeAsync()
    {
        await Listening.DisposeAsync();
        _folder.Delete(recursive: true);
        await base.DisposeAsync();
    }

    protected sealed record Ended(int Exit, string Said, string Errors)
    {
        public override string ToString() => $"{Exit}\n{Said}\n{Errors}";
    }

    /// <summary>Begins a script, in which <c>directory</c> is the program.</summary>
    private protected Process Begin(string script, string? key = null, params (string Name, string Value)[] more)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        (string Name, string? Value)[] environment =
        [
            ("PATH", $"{Folder}:{Environment.GetEnvironmentVariable("PATH")}"), ("XDG_CONFIG_HOME", Path.Combine(Folder, "config")),
            ("ADDRESS", Address), ("DIRECTORY_URL", key is null ? null : Address), ("DIRECTORY_KEY", key), .. more,
        ];
        foreach (var (name, value) in environment)
            if (value is null) start.Environment.Remove(name);
            else start.Environment[name] = value;
        return Process.Start(start)!;
    }

    protected async Task<Ended> Run(string script, string? key = null, string? input = null, params (string Name, string Value)[] more)
    {
        using var process = Begin(script, key, more);
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return new(process.ExitCode, await said, await errors);
    }
}
