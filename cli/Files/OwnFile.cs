namespace DirectoryPlatform.Cli.Files;

/// <summary>A file that nobody but its owner reads.</summary>
static class OwnFile
{
    /// <summary>In place of what was there: written beside it first, so that it is whole or as it was. What is no file, such as a pipe, is
    /// written as it is.</summary>
    public static async Task Write(FileInfo file, Func<Stream, Task> write)
    {
        if (file.FullName.StartsWith("/dev/", StringComparison.Ordinal))
        {
            await using var device = new FileStream(file.FullName, FileMode.Open, FileAccess.Write);
            await write(device);
            return;
        }
        var path = (file.Exists ? file.ResolveLinkTarget(returnFinalTarget: true) : null)?.FullName ?? file.FullName;
        var beside = $"{path}.{Environment.ProcessId}";
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Delete(beside);
        try
        {
            await using (var stream = new FileStream(beside, how)) await write(stream);
            File.Move(beside, path, overwrite: true);
        }
        finally { File.Delete(beside); }
    }
}
