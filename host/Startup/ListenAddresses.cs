using System.Net;

namespace DirectoryPlatform.Host.Startup;

/// <summary>Where the server listens, as <c>--urls</c> and the settings name it.</summary>
static class ListenAddresses
{
    /// <summary>As the server itself reads them.</summary>
    /// <exception cref="StartRefused">One is no address.</exception>
    public static IReadOnlyList<BindingAddress> Read(string urls) =>
        [.. urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Address)];

    static BindingAddress Address(string url)
    {
        try { return BindingAddress.Parse(url); }
        catch (FormatException) { throw new StartRefused($"\"{url}\" is no address to listen on. One looks like http://localhost:5080."); }
    }

    public static bool IsOnLoopback(BindingAddress address) =>
        address.IsUnixPipe || address.IsNamedPipe || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip);
}
