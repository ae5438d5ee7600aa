using Microsoft.Extensions.Configuration;

namespace DirectoryPlatform.Kernel.Storage.Keys;

/// <summary>
/// The file outside the database whose keys seal the secrets in it (SPEC S14, <c>Keys:File</c>). Read anew when a row was sealed by a key
/// that it did not have before, so that running nodes follow a rotation.
/// </summary>
public sealed class KeyFile(string path)
{
    /// <summary>Nobody has that many keys.</summary>
    const int LongestBytes = 64 << 10;

    volatile FileKeys? _read;

    public string FullName { get; } = Path.GetFullPath(path);

    /// <returns>Null when no file is named.</returns>
    public static KeyFile? From(IConfiguration configuration) => configuration["Keys:File"] is { Length: > 0 } path ? new(path) : null;

    /// <summary>As they were read last.</summary>
    /// <exception cref="KeyFileException"/>
    public FileKeys Keys => _read ?? ReadAnew();

    /// <exception cref="KeyFileException">It cannot be read, or there is no key in it.</exception>
    public FileKeys ReadAnew()
    {
        try
        {
            if (new FileInfo(FullName) is { Exists: true, Length: > LongestBytes })
                throw new KeyFileException($"The key file {FullName} is no key file: it is too large.");
            return _read = FileKeys.Parse(File.ReadAllText(FullName), FullName);
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"The key file {FullName} cannot be read ({cannot.Message}). Keys__File names it.{Advice(cannot)}");
        }
    }

    /// <summary>For whoever made the file as root, as the guide has it, and starts the product as somebody else.</summary>
    internal string Advice(Exception cannot) => cannot is not UnauthorizedAccessException || Directory.Exists(FullName) ? ""
        : $" This process runs as the user {Environment.UserName}: chgrp {Environment.UserName} {FullName} && chmod 640 {FullName} lets "
            + "the group of that name read it; the folders above it must let it through.";

    /// <param name="name">Of a row of the key ring.</param>
    /// <exception cref="KeyFileException">The file does not have the key, or the row was changed.</exception>
    public string Open(string name, string sealedText) => Keys.Open(name, sealedText) ?? ReadAnew().Open(name, sealedText) ??
        throw new KeyFileException($"The secrets of this database are sealed by the key {FileKeys.SealedBy(sealedText)}, which is "
            + $"not in {FullName} ({Said(Keys)}). Add the line of that key to the file, below the first.");

    /// <summary>What is unwise about where and how the file lies, a sentence each.</summary>
    /// <param name="data">The folder of the embedded database; null for an external one.</param>
    public IEnumerable<string> Warnings(DirectoryInfo? data)
    {
        var file = Target;
        const UnixFileMode open = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file) is var mode && (mode & open) != UnixFileMode.None)
        {
            var can = (mode & UnixFileMode.OtherRead) != UnixFileMode.None ? "read" : "written";
            yield return $"Warning: the key file {FullName} can be {can} by other users of this machine; chmod 600 makes it yours alone.";
        }
        if (data is not null && file.StartsWith(data.FullName.TrimEnd('/') + "/", StringComparison.Ordinal))
            yield return $"Warning: the key file {FullName} lies in the data folder: anyone who copies that has both. Keep it elsewhere.";
    }

    /// <summary>
    /// Writes a new key on top: it seals from the next start on, and those below still open.
    /// Never half of a file, whatever happens meanwhile.
    /// </summary>
    /// <returns>The keys then, the new one first.</returns>
    /// <exception cref="KeyFileException">What is there is no key file, or it cannot be written.</exception>
    public FileKeys AddFirst(DateTimeOffset now)
    {
        var file = Target;
        try
        {
            var before = File.Exists(file) ? File.ReadAllText(file) : "";
            if (before.Length > 0) FileKeys.Parse(before, FullName);
            var text = string.Create(CultureInfo.InvariantCulture, $"# {now.UtcDateTime:yyyy-MM-dd}\n{FileKeys.NewLine()}\n{before}");
            var fresh = $"{file}.new";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(fresh, options))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows() && before.Length > 0) File.SetUnixFileMode(fresh, File.GetUnixFileMode(file));
            File.Move(fresh, file, overwrite: true);
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"The key file {FullName} cannot be written ({cannot.Message}).");
        }
        return ReadAnew();
    }

    /// <summary>Where a link leads, such as those under which secrets are mounted.</summary>
    string Target => File.Exists(FullName) ? File.ResolveLinkTarget(FullName, returnFinalTarget: true)?.FullName ?? FullName : FullName;

    static string Said(FileKeys keys) => keys.Ids.Count == 1 ? $"it has {keys.First}" : $"it has {string.Join(", ", keys.Ids)}";
}
