using System.Diagnostics;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// A folder with scripts of the repository in it and programs of the test's own in place of the SDK: what a script decides is seen in
/// a second, without a build of the real product.
/// </summary>
public sealed class Checkout : IDisposable
{
    /// <summary>The source tree above the test program.</summary>
    public static DirectoryInfo Root { get; } = FindRoot();

    /// <summary>The interpreter itself: a version manager's shim of that name before it in the
    /// path takes twenty times as long to start.</summary>
    public const string Python = "/usr/bin/python3";

    /// <summary>Where the scripts were copied to.</summary>
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("dp-checkout-");

    public Checkout(params string[] scripts)
    {
        foreach (var script in scripts)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(script))!);
            File.Copy(Path.Combine(Root.FullName, script), At(script));
        }
        Program("build/install", "exit 0");
        Directory.CreateDirectory(At("path"));
        File.CreateSymbolicLink(At("path/python3"), Python);
    }

    public string At(string path) => Path.Combine(Folder.FullName, path);

    /// <summary>Writes a file, with its folders.</summary>
    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    /// <summary>Writes a program for bash; one in <c>path/</c> comes before the machine's own of that name.</summary>
    public void Program(string path, string text)
    {
        Write(path, $"#!/usr/bin/env bash\nset -euo pipefail\n{text}\n");
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        File.SetUnixFileMode(At(path), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary><c>./run</c>, copied here, starts the program that is built already.</summary>
    public void RunsWhatIsBuilt()
    {
        foreach (var folder in (string[])["host/bin/Release", "web", "modules"]) Directory.CreateDirectory(At(folder));
        foreach (var file in (string[])["host/Program.cs", "Directory.Build.props", "Directory.Build.targets", "package.json", ".npmrc"])
            Write(file, "");
        File.CreateSymbolicLink(At("host/bin/Release/net10.0"), AppContext.BaseDirectory.TrimEnd('/'));
        var dotnet = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, "dotnet"))
            .First(File.Exists);
        Program("path/dotnet", $"[[ $1 != build ]] || exit 0\nexec {dotnet} \"$@\"");
    }

    /// <summary>The blocks of commands in a guide, in their order.</summary>
    public static IReadOnlyList<string> CommandsOf(string guide) =>
        [.. File.ReadAllText(Path.Combine(Root.FullName, guide)).Split("```bash\n").Skip(1).Select(block => block.Split("```")[0])];

    /// <summary>Runs one of the scripts to its end and answers its exit code and its lines.</summary>
    public async Task<(int Code, IReadOnlyList<string> Lines)> Run(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [At(script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{At("path")}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, output.TrimEnd('\n').Split('\n'));
    }

    public void Dispose() => Folder.Delete(recursive: true);

    static DirectoryInfo FindRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "DirectoryPlatform.sln")))
            at = at.Parent ?? throw new InvalidOperationException("The source tree was not found above the test program.");
        return at;
    }
}
