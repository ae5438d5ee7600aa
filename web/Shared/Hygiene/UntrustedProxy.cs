using System.Net;
using Microsoft.Extensions.Logging;

namespace DirectoryPlatform.Web.Hygiene;

/// <summary>Tells of a proxy whose word is not taken (SPEC S10), which nobody would see otherwise: all work, and all seem to come from its
/// address. Once, because any stranger can send the header.</summary>
sealed partial class UntrustedProxy(RequestDelegate next, WebSettings settings, ILogger<UntrustedProxy> log)
{
    const string Header = "X-Forwarded-For";

    int _told;

    public Task InvokeAsync(HttpContext http)
    {
        if (_told == 0 && http.Request.Headers.ContainsKey(Header) && http.Connection.RemoteIpAddress is { } from && !IsTrusted(from)
            && Interlocked.Exchange(ref _told, 1) == 0) IsNotBelieved(log, from);
        return next(http);
    }

    bool IsTrusted(IPAddress from) => settings.TrustedProxies.Any(proxy => proxy.Contains(from)
        || from.IsIPv4MappedToIPv6 && proxy.Contains(from.MapToIPv4()));

    [LoggerMessage(1, LogLevel.Warning,
        "X-Forwarded-For came from {Address}, which TrustedProxies does not name, and is not believed: behind a proxy there everyone seems "
        + "to come from its address; said once")]
    static partial void IsNotBelieved(ILogger log, IPAddress address);
}
