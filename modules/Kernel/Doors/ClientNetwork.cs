using System.Net;
using System.Net.Sockets;

namespace DirectoryPlatform.Kernel.Doors;

/// <summary>
/// What is counted as one place that somebody comes from (SPEC S10): an address of IPv4, or a /64 of IPv6, of which one line or one phone
/// has all addresses.
/// </summary>
public static class ClientNetwork
{
    /// <summary>Of the text of an address; text that is none stands for itself. IPv4 in the dress of IPv6 is IPv4.</summary>
    public static string? Of(string? address) => address is null || !IPAddress.TryParse(address, out var parsed) ? address : Of(parsed);

    static string Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4().ToString();
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
