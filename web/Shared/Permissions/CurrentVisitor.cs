using System.Net;

namespace DirectoryPlatform.Web.Permissions;

static class CurrentVisitor
{
    /// <summary>As recognised by the gate; null when nobody is signed in.</summary>
    public static Visitor? Visitor(this HttpContext http) => http.Features.Get<Visitor>();

    /// <summary>The one place where a page's request gets its origin (SPEC L1).</summary>
    public static Origin Origin(this HttpContext http) =>
        new(http.Visitor()?.Account.Value, http.Visitor()?.Means ?? "web", Address(http.Connection.RemoteIpAddress), http.TraceIdentifier);

    /// <summary>IPv4 in the dress of IPv6 is what a socket for both says, and no other address.</summary>
    static string? Address(IPAddress? address) => (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString();
}
