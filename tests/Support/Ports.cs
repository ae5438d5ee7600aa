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

    /// <summary>An address with such a port. One that is made up may be some program's own end of a connection.</summary>
    public static string FreeAddress() => $"http://127.0.0.1:{Free()}";
}
