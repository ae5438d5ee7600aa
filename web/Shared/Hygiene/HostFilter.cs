using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace DirectoryPlatform.Web.Hygiene;

/// <summary>
/// Answers under the installation's own names alone (SPEC S9): a foreign name that leads here by DNS is a foreign web page's, which would
/// read what a browser on this network may read (DNS rebinding).
/// What a proxy forwards as the host is not looked at. Probes ask by address, so <c>/health</c> is answered under any name; it tells
/// nothing of anybody.
/// </summary>
sealed partial class HostFilter(RequestDelegate next, WebSettings settings)
{
    static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    readonly HashSet<string> _names = new(NamesOf(settings).Select(Written), StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext http)
    {
        if (Answers(http.Request.Host.Value) || http.Request.Path.StartsWithSegments("/health")) return next(http);
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        http.Response.ContentType = "text/plain; charset=utf-8";
        var own = settings.PublicUrl.GetLeftPart(UriPartial.Authority);
        return http.Response.WriteAsync(
            $"Nothing is served under this host name. The address is {own}; its operator sets it as PublicUrl, others as AllowedHosts.\n",
            http.RequestAborted);
    }

    /// <param name="host">With or without a port, as the request says it. A dot at the end is another name:
    /// cookies and links would not be the same.</param>
    internal bool Answers(string? host)
    {
        if (host is null || Form().Match(host) is not { Success: true } form) return false;
        var name = Written(form.Groups["name"].Value);
        return _names.Contains(name)
            || settings.AnyAddress && IPAddress.TryParse(name.Trim('[', ']'), out var address) && Written(address) == name;
    }

    static IEnumerable<string> NamesOf(WebSettings settings) =>
    [
        settings.PublicUrl.HostNameType is UriHostNameType.IPv6 ? settings.PublicUrl.Host : settings.PublicUrl.IdnHost,
        .. settings.MoreHosts, .. settings.Demo || settings.IsOnLoopback ? Loopback : [],
    ];

    /// <summary>IPv6 has many ways to write one address.</summary>
    static string Written(string name) =>
        name.StartsWith('[') && IPAddress.TryParse(name[1..^1], out var address) ? Written(address) : name;

    static string Written(IPAddress address) => address.AddressFamily is AddressFamily.InterNetworkV6 ? $"[{address}]" : $"{address}";

    [GeneratedRegex(@"\A(?<name>\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9._-]+)(:[0-9]{0,5})?\z")]
    private static partial Regex Form();
}
