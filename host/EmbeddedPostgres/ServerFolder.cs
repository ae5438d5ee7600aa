using System.Security.Cryptography;
using System.Text;

namespace DirectoryPlatform.Host.EmbeddedPostgres;

/// <summary>Where everything of one embedded server lies: <c>DIR/postgres/{cluster,socket,lock,server.log}</c>.</summary>
internal sealed class ServerFolder
{
    /// <summary>What <c>sockaddr_un</c> holds on Linux, its closing zero taken off.</summary>
    const int LongestSocketPath = 107;

    internal const int Port = 5432;

    ServerFolder(string root)
    {
        Root = root;
        Cluster = new(Path.Combine(root, "cluster"));
        Lock = Path.Combine(root, "lock");
        Log = Path.Combine(root, "server.log");
        var inside = Path.Combine(root, "socket");
        var fits = Encoding.UTF8.GetByteCount(Path.Combine(inside, $".s.PGSQL.{Port}")) <= LongestSocketPath;
        Socket = fits ? inside : Path.Combine(Path.GetTempPath(), "directory-platform-" + Hash(root));
    }

    internal string Root { get; }
    internal DirectoryInfo Cluster { get; }
    internal string Lock { get; }
    internal string Log { get; }

    /// <summary>Who may enter this folder may use the server: it asks for no password. So it is 0700, always.</summary>
    internal string Socket { get; }

    internal string SocketFile => Path.Combine(Socket, $".s.PGSQL.{Port}");

    /// <summary>By its real path, so that two names of one folder mean one server.</summary>
    internal static async Task<ServerFolder> In(DirectoryInfo data, CancellationToken ct)
    {
        if (!OperatingSystem.IsLinux())
            throw new EmbeddedPostgresException(
                "The embedded PostgreSQL needs Linux. Set ConnectionStrings__Directory to a server of your own.");
        try
        {
            var root = Directory.CreateDirectory(Path.Combine(data.FullName, "postgres"));
            var real = await Command.Run(["readlink", "-f", root.FullName], ct);
            return new(real.Succeeded ? real.Output : root.FullName);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw NotOurs(data.FullName, denied);
        }
    }

    /// <summary>Only the owner of the lock calls this: a folder in use keeps its modes.</summary>
    internal async Task Prepare(ServerUser user, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException();
        File.SetUnixFileMode(Root, Private);
        Directory.CreateDirectory(Socket, Private);
        var here = await ServerUser.OwnerOf(Socket, ct);
        var me = await ServerUser.OwnerOf(Lock, ct);
        // The temp folder is everybody's: a socket folder that somebody else made there first would be a trap.
        if (here != me && here != user.Owner) throw NotOurs(Socket, null);
        File.SetUnixFileMode(Socket, Private);
        if (user.Owner is null) return;
        await user.Give(Root, ct);
        await user.Give(Socket, ct);
    }

    /// <summary>Leaves nothing in the temp folder when the server has ended.</summary>
    internal void Tidy()
    {
        if (!Socket.StartsWith(Root, StringComparison.Ordinal) && Directory.Exists(Socket))
            Directory.Delete(Socket, recursive: true);
    }

    internal static EmbeddedPostgresException NotOurs(string path, Exception? inner) =>
        new($"{path} belongs to another user. Choose another folder with --data, or start this as its owner.", inner);

    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16];
}
