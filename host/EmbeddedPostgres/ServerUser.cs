using System.Globalization;

namespace DirectoryPlatform.Host.EmbeddedPostgres;

/// <summary>
/// As whom the server runs. PostgreSQL refuses to be root, and a container's application usually is: then the server is
/// started in a user namespace of its own where root is called 65534 (files stay root's, nothing is chowned, parents
/// may be 0700), or, where namespaces are forbidden, as an ordinary user who is given the folder.
/// </summary>
/// <param name="Prefix">What to put before every command of the server's; empty when nothing must be dropped.</param>
/// <param name="Owner">The user who must own the server's files, when that is not the one who runs the app.</param>
internal sealed record ServerUser(IReadOnlyList<string> Prefix, string? Owner)
{
    static readonly string[] Namespace = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"];

    internal static async Task<ServerUser> For(DirectoryInfo cluster, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess) return new([], null);

        // Somebody else's data, started with sudo this once: go on as that person, so that they can start it again afterwards.
        if (cluster.Exists && await OwnerOf(cluster.FullName, ct) is { } owner && owner != "0") return await Become(owner, ct);

        if ((await Command.Run([.. Namespace, "true"], ct)).Succeeded) return new(Namespace, null);

        if (await IdOf("postgres", ct) is { } postgres) return await Become(postgres, ct);
        if (await IdOf("nobody", ct) is { } nobody) return await Become(nobody, ct);
        throw NoWay("there is no user to become");
    }

    internal async Task Give(string folder, CancellationToken ct)
    {
        if (Owner is null) return;
        var given = await Command.Run(["chown", "-R", Owner, folder], ct);
        if (!given.Succeeded) throw NoWay(given.Output);
    }

    internal static async Task<string?> OwnerOf(string path, CancellationToken ct)
    {
        var answer = await Command.Run(["stat", "-c", "%u", path], ct);
        return answer.Succeeded ? answer.Output : null;
    }

    static async Task<ServerUser> Become(string user, CancellationToken ct)
    {
        var group = await Command.Run(["id", "-g", user], ct);
        string[] prefix = ["setpriv", $"--reuid={user}", $"--regid={(group.Succeeded ? group.Output : user)}", "--clear-groups", "--"];
        var tried = await Command.Run([.. prefix, "true"], ct);
        return tried.Succeeded ? new(prefix, user) : throw NoWay(tried.Output);
    }

    static async Task<string?> IdOf(string name, CancellationToken ct)
    {
        var answer = await Command.Run(["id", "-u", name], ct);
        return answer.Succeeded && int.TryParse(answer.Output, CultureInfo.InvariantCulture, out _) ? answer.Output : null;
    }

    static EmbeddedPostgresException NoWay(string why) => new(
        $"PostgreSQL refuses to run as root, and neither unshare nor setpriv could start it as another user ({why})."
        + " Start this as an ordinary user, or set ConnectionStrings__Directory to a server of your own.");
}
