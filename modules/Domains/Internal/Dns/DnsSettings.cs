using System.Net;
using Microsoft.Extensions.Configuration;

namespace DirectoryPlatform.Domains.Internal.Dns;

/// <summary>Which resolvers are asked and how long they may take. Section <c>Domains:Dns</c>.</summary>
/// <param name="Servers">
/// <c>Domains:Dns:Servers</c>: <c>host[:port]</c> or <c>[IPv6]:port</c>, as a list or separated by commas, eight at most; port 53 unless
/// named. Empty: the name servers of <c>/etc/resolv.conf</c>, read at each look-up.
/// </param>
/// <param name="Timeout"><c>Domains:Dns:TimeoutSeconds</c>, default 2: how long one attempt waits for an answer.</param>
/// <param name="Attempts"><c>Domains:Dns:Attempts</c>, default 2: how often one server is asked before it counts as silent.</param>
sealed record DnsSettings(IReadOnlyList<EndPoint> Servers, TimeSpan Timeout, int Attempts)
{
    const int DefaultPort = 53;
    const int MostServers = 8;      // all are asked at once, for every look-up
    const int MostFromSystem = 3;   // resolv.conf(5): MAXNS

    static readonly IPEndPoint Loopback = new(IPAddress.Loopback, DefaultPort); // resolv.conf(5): what an empty file means

    /// <exception cref="InvalidOperationException">A setting makes no sense; the message names it.</exception>
    public static DnsSettings From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Domains:Dns");
        var list = section.GetSection("Servers");
        var servers = list.GetChildren().Select(item => item.Value ?? "").Append(list.Value ?? "")
            .SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(Server)
            .ToList();
        return new DnsSettings(
            servers.Count <= MostServers
                ? servers
                : throw new InvalidOperationException($"Domains:Dns:Servers names more than {MostServers} servers."),
            TimeSpan.FromSeconds(Number(section, "TimeoutSeconds", 2, 0.05, 30)),
            (int)Number(section, "Attempts", 2, 1, 5));
    }

    public IReadOnlyList<EndPoint> Resolvers() => Servers.Count > 0 ? Servers : System("/etc/resolv.conf");

    internal static IReadOnlyList<EndPoint> System(string file)
    {
        string[] lines;
        try { lines = File.ReadAllLines(file); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { lines = []; }
        var found = lines.Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["nameserver", _, ..]).Select(words => IPAddress.TryParse(words[1], out var address) ? address : null)
            .OfType<IPAddress>().Take(MostFromSystem).Select(EndPoint (address) => new IPEndPoint(address, DefaultPort)).ToList();
        return found.Count > 0 ? found : [Loopback];
    }

    static EndPoint Server(string text)
    {
        if (IPEndPoint.TryParse(text, out var endPoint))
            return endPoint.Port == 0 ? new IPEndPoint(endPoint.Address, DefaultPort) : endPoint;
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        var port = DefaultPort;
        var fits = colon < 0
            || (int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
                && port is > 0 and <= ushort.MaxValue);
        return fits && Uri.CheckHostName(host) == UriHostNameType.Dns
            ? new DnsEndPoint(host, port)
            : throw new InvalidOperationException($"Domains:Dns:Servers: \"{text}\" is not host[:port].");
    }

    static double Number(IConfigurationSection section, string key, double otherwise, double least, double most) => section[key] switch
    {
        null or "" => otherwise,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least
            && number <= most => number,
        var text => throw new InvalidOperationException($"{section.Path}:{key} is \"{text}\", expected a number from {least} to {most}."),
    };
}
