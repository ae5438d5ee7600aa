using System.Net;

namespace DirectoryPlatform.Web;

/// <summary>What the pages must know of the installation.</summary>
/// <param name="PublicUrl">The address under which people reach it, such as https://directory.acme.example. Links are made from it alone,
/// never from a request's Host (SPEC S9).</param>
/// <param name="Demo">Whether the demo's pages exist and every page says that this is a demo (SPEC R3).</param>
public sealed record WebSettings(Uri PublicUrl, bool Demo)
{
    /// <summary>Who to sign in as, offered on the demo's sign-in page; null for nobody.</summary>
    public DemoSignIns? DemoSignIns { get; init; }

    /// <summary>Hosts beside the public address's under which requests are answered, as a Host header names them, without a port.</summary>
    public IReadOnlyList<string> MoreHosts { get; init; } = [];

    /// <summary>Answer under any IP address, too: for a demo that is open to others, whose names nobody knows. No name of a foreign web
    /// page can be an address.</summary>
    public bool AnyAddress { get; init; }

    /// <summary>What browsers are told of https, where the public address is one; null for nothing (RFC 6797).</summary>
    public string? StrictTransport { get; init; } = "max-age=31536000; includeSubDomains";

    /// <summary>Whether people reach it on their own machine alone.</summary>
    public bool IsOnLoopback => IsLoopback(PublicUrl.Host);

    /// <summary>Whose forwarded headers count (SPEC S10): a proxy's addresses or networks. From anybody else they are ignored.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>For the console at the start; null when there is nothing to warn of.</summary>
    public string? ProxyWarning => PublicUrl.Scheme != Uri.UriSchemeHttps || TrustedProxies.Count > 0 ? null
        : "Warning: PublicUrl is https, and TrustedProxies names no proxy. If one stands in front, everyone seems to come "
        + "from its address: "
            + "one stranger's wrong passwords slow everyone down, and the audit log knows no other address. Set TrustedProxies to the "
            + "proxy's address or network.";

    /// <param name="text">Addresses and networks, separated by commas or blanks; null for none.</param>
    /// <exception cref="InvalidOperationException">Names what is neither.</exception>
    public static IReadOnlyList<IPNetwork> ReadProxies(string? text) =>
        [.. (text ?? "").Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Network)];

    static IPNetwork Network(string text) => IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(text, out var network) ? network
        : throw new InvalidOperationException(
            $"TrustedProxies holds \"{text}\", which is neither an address nor a network such as 10.0.0.0/8.");

    /// <summary>
    /// Cookies are Secure always, except where a person tries the product on the own machine over plain http:
    /// browsers other than Chromium drop Secure cookies there.
    /// </summary>
    public bool SecureCookies => !(PublicUrl.Scheme == Uri.UriSchemeHttp && IsOnLoopback);

    /// <summary>The <c>__Host-</c> prefix makes browsers refuse the cookie from a sub-domain or over http (RFC 6265bis, 4.1.3.2).</summary>
    public string CookieName(string name) => SecureCookies ? $"__Host-{name}" : $"directory-{name}";

    public string SessionCookie => CookieName("session");

    static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

/// <param name="Password">Everybody's.</param>
/// <param name="People">Addresses, and who they are.</param>
public sealed record DemoSignIns(string Password, params IReadOnlyList<(string Email, string Who)> People);
