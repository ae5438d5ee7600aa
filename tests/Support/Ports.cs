using System.Net;
using System.Net.Sockets;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Ports of loopback that nobody listens on at this moment.</summary>
static class Ports
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
