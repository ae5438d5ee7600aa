using System.Net;
using System.Net.Sockets;
using DirectoryPlatform.Domains.Internal.Dns;

namespace DirectoryPlatform.Domains.Internal.Https;

/// <summary>The addresses of a host: from the configured resolvers when there are any, in order until one knows; otherwise from the system,
/// hosts file included.</summary>
sealed class HostAddresses(DnsSettings settings, CnameResolver walk)
{
    /// <summary>Empty when nobody knows the host.</summary>
    public async Task<IReadOnlyList<IPAddress>> Of(string host, CancellationToken ct)
    {
        if (settings.Servers.Count == 0)
            return await FromSystem(host, ct);
        foreach (var server in settings.Servers)
        {
            var found = await Task.WhenAll(walk.Look(server, host, DnsType.A, ct), walk.Look(server, host, DnsType.Aaaa, ct));
            var addresses = found.SelectMany(answer => answer.Records).Select(record => record.Address).OfType<IPAddress>().ToList();
            if (addresses.Count > 0)
                return addresses;
        }
        return [];
    }

    static async Task<IReadOnlyList<IPAddress>> FromSystem(string host, CancellationToken ct)
    {
        try { return await System.Net.Dns.GetHostAddressesAsync(host, ct); }
        // The second for a name that is too long to be one.
        catch (Exception none) when (none is SocketException or ArgumentException) { return []; }
    }
}

/// <summary>
/// Which addresses the server may be sent to by a stranger's DNS (SPEC D6): only those of the public internet, by IANA's special-purpose
/// registries (RFC 6890). Of IPv6 only 2000::/3 is handed out, which leaves out loopback, link-local, ULA, multicast, IPv4-mapped and NAT64
/// at one stroke.
/// </summary>
static class PublicAddress
{
    static readonly IPNetwork[] Closed =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "168.63.129.16/32", // Azure's host agent answers here
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", // Teredo and other protocols, documentation, 6to4, documentation
        }.Select(IPNetwork.Parse),
    ];

    public static bool IsPublic(IPAddress address) =>
        (address.AddressFamily == AddressFamily.InterNetwork || IsGlobal6(address)) && !Closed.Any(network => network.Contains(address));

    // 2000::/3 by its bits: IPNetwork.Contains takes an IPv4-mapped address for something else than it is.
    static bool IsGlobal6(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6
        && (address.GetAddressBytes()[0] & 0xE0) == 0x20;
}
