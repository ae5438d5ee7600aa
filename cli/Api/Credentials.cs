using System.Text.Json;

namespace DirectoryPlatform.Cli.Api;

/// <summary>Which installation, and the key for it.</summary>
/// <param name="Organization">For people to see; the key decides.</param>
/// <param name="ExpiresAt">Null for a key whose end is not known here.</param>
sealed record Credentials(string Url, string Key, string? Organization, DateTimeOffset? ExpiresAt)
{
    const string UrlVariable = "DIRECTORY_URL", KeyVariable = "DIRECTORY_KEY";

    static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string File { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } home ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"),
        "directory-platform", "credentials.json");

    /// <summary>The environment first, so that a script need not sign in; then what <c>sign-in</c> has kept.</summary>
    /// <exception cref="CommandFailedException"/>
    public static Credentials Read(string? url)
    {
        var key = Environment.GetEnvironmentVariable(KeyVariable);
        var kept = string.IsNullOrEmpty(key) ? Kept() : null;
        url ??= Environment.GetEnvironmentVariable(UrlVariable) is { Length: > 0 } named ? named : kept?.Url;
        if (url is null) throw new CommandFailedException(Exit.NotSignedIn,
            $"You are not signed in. Run directory sign-in URL, or set {UrlVariable} and {KeyVariable}.");
        if (string.IsNullOrEmpty(key) && kept is not null && AddressOf(kept.Url) != AddressOf(url))
            throw new CommandFailedException(Exit.NotSignedIn, $"You are signed in to {kept.Url}, and not to {url}.");
        key = string.IsNullOrEmpty(key) ? kept?.Key : key;
        return key is null
            ? throw new CommandFailedException(Exit.NotSignedIn,
                $"You are not signed in. Run directory sign-in {url}, or set {KeyVariable}.")
            : new(url, key, kept?.Organization, kept?.ExpiresAt);
    }

    /// <summary>Where an installation is: a key travels by https alone, but for the machine itself.</summary>
    /// <exception cref="CommandFailedException"/>
    public static Uri AddressOf(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var read) || (read.Scheme != Uri.UriSchemeHttps && read.Scheme != Uri.UriSchemeHttp)
            || read.UserInfo.Length > 0)
            throw new CommandFailedException(Exit.Usage, $"{url} is not a valid address; use one like https://directory.acme.example.");
        if (read.Scheme == Uri.UriSchemeHttp && !read.IsLoopback)
            throw new CommandFailedException(Exit.Usage, $"{url} is not encrypted, so a key would not be safe on its way. Use https.");
        return new(read.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>Nobody but its owner reads what is kept; one that others can read is not used.</summary>
    static Credentials? Kept()
    {
        if (!System.IO.File.Exists(File)) return null;
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(File) & others) != UnixFileMode.None)
            throw new CommandFailedException(Exit.NotSignedIn,
                $"Other people can read {File}, so its key may be known. Revoke that key, remove the file and sign in again.");
        try
        {
            var read = JsonSerializer.Deserialize<Credentials>(System.IO.File.ReadAllText(File), Written);
            return read is { Url: not null, Key: not null } ? read : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new CommandFailedException(Exit.NotSignedIn, $"{File} cannot be read. Remove it and sign in again.");
        }
    }

    /// <summary>In place of what was there: written beside it first, so that it is whole or as it was.</summary>
    public void Keep()
    {
        var folder = Path.GetDirectoryName(File)!;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var beside = $"{File}.{Environment.ProcessId}";
        var how = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        System.IO.File.Delete(beside);
        using (var file = new FileStream(beside, how)) JsonSerializer.Serialize(file, this, Written);
        System.IO.File.Move(beside, File, overwrite: true);
    }

    /// <returns>Whether there was one.</returns>
    public static bool Forget()
    {
        // Where there is no folder either, deleting is an error.
        if (!System.IO.File.Exists(File)) return false;
        System.IO.File.Delete(File);
        return true;
    }

    /// <summary>The key stays out of whatever is printed.</summary>
    public override string ToString() => $"Credentials for {Url}";
}
