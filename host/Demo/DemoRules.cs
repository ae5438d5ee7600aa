using DirectoryPlatform.Host.Startup;
using Npgsql;

namespace DirectoryPlatform.Host.Demo;

/// <summary>What keeps a demo, whose passwords everybody knows, from becoming more than a demo (SPEC R13).</summary>
static class DemoRules
{
    /// <param name="asked">True, false, or null for "as the database remembers; a new embedded one is a demo".</param>
    /// <exception cref="StartRefused">Data that began as a demo was to be used without it.</exception>
    public static async Task<bool> Decide(Installation installation, bool? asked)
    {
        if (asked is null) return await DemoData.IsDefault(installation);
        if (asked is true) return true;
        await using var database = NpgsqlDataSource.Create(installation.ConnectionString);
        if (!await DemoData.BeganHere(database)) return false;
        throw new StartRefused(
            "This data began as a demo, whose people all have a password that everyone knows, so it does not start without the demo. "
            + (installation.IsEmbedded
                ? "To begin anew, use another folder (./run --no-demo --data DIR) or remove this one first."
                : "To begin anew, name an empty database in ConnectionStrings__Directory.")
            + " Without --no-demo the demo continues.");
    }

    /// <param name="configuration">May name further endpoints, as Kestrel reads them.</param>
    /// <param name="open">Asked for by --demo-open; then the console says what it means.</param>
    /// <exception cref="StartRefused">It would listen beyond loopback and nobody has asked for that.</exception>
    public static void KeepOnLoopback(IConfiguration configuration, string urls, bool open)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>();
        var beyond = endpoints.Prepend(urls).SelectMany(ListenAddresses.Read).Where(a => !ListenAddresses.IsOnLoopback(a))
            .Select(a => a.ToString()).ToList();
        if (beyond.Count == 0) return;
        if (!open)
            throw new StartRefused(
                $"A demo listens on this machine alone, and {string.Join(", ", beyond)} reaches further: anyone who reaches it could "
                + "sign in as anyone and read all emails with the links in them. Use an address such as http://localhost:5080, start "
                + "without the demo (--no-demo, on an empty data folder), or open the demo all the same with --demo-open.");
        Console.WriteLine(
            $"This demo is open (--demo-open) at {string.Join(", ", beyond)}: anyone who reaches it can sign in as any of its "
            + "people, read all emails at /demo/mail, the links of password resets among them, and edit its DNS zone. Put nothing "
            + "into it that matters.");
    }
}
