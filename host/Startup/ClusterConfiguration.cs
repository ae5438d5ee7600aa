using System.Net;
using System.Net.Sockets;
using DirectoryPlatform.Kernel.Cluster;

namespace DirectoryPlatform.Host.Startup;

/// <summary>Which silo this process has. The one that owns the embedded database has a silo that is alone; the nodes of an external
/// database form a cluster, through loopback or, with <c>Cluster:Address</c>, over the network.</summary>
static class ClusterConfiguration
{
    /// <returns>Null for none.</returns>
    /// <exception cref="StartRefused"/>
    public static SiloSettings? Read(IConfiguration configuration, Installation installation) =>
        !configuration.GetValue("Cluster:Silo", true) ? null
        : installation.IsEmbedded ? SiloSettings.Alone
        : new(installation.ConnectionString, configuration["Cluster:Address"] is { Length: > 0 } text ? Address(text) : null);

    /// <exception cref="StartRefused">It is no address, or not one of this machine.</exception>
    internal static IPEndPoint Address(string text)
    {
        if (!IPEndPoint.TryParse(text, out var address)
            || address.Address.Equals(IPAddress.Any) || address.Address.Equals(IPAddress.IPv6Any))
            throw new StartRefused($"Cluster:Address is \"{text}\". It is the address at which the other nodes reach this one, such as "
                + $"10.0.0.11 or 10.0.0.11:{SiloSettings.UsualPort}.");
        if (address.Port == 0) address.Port = SiloSettings.UsualPort;
        try
        {
            using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(address.Address, 0));
        }
        catch (SocketException)
        {
            throw new StartRefused($"Cluster:Address is \"{text}\", which is no address of this machine.");
        }
        return address;
    }
}
