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
        catch (SocketException) { return []; }
    }
}
