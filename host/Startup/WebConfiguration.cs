using DirectoryPlatform.Web;

namespace DirectoryPlatform.Host.Startup;

/// <summary>The pages' settings, read and checked.</summary>
static class WebConfiguration
{
    public static WebSettings Read(IConfiguration configuration, Uri publicUrl, string urls, bool demo, bool demoOpen) =>
        new(publicUrl, demo)
        {
            MoreHosts = [.. AllowedHosts(configuration), .. demo ? HostsOf(urls) : []],
            AnyAddress = demo && demoOpen,
            StrictTransport = StrictTransport(configuration["StrictTransportSecurity"]),
            TrustedProxies = WebSettings.ReadProxies(
                configuration["TrustedProxies"]
                    ?? string.Join(',', configuration.GetSection("TrustedProxies").GetChildren().Select(p => p.Value))),
        };

    /// <summary>The address that people use; the first at which it listens where none is set.</summary>
    /// <exception cref="StartRefused"/>
    public static Uri PublicUrl(IConfiguration configuration, string urls) => configuration["PublicUrl"] switch
    {
        null => new(urls.Split(';')[0].Replace("*", "localhost").Replace("+", "localhost").Replace("0.0.0.0", "localhost")
            .Replace("[::]", "localhost")),
        var text when Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" => url,
        var text => throw new StartRefused($"PublicUrl is \"{text}\". It is the whole address that people use, such as "
            + "https://directory.example."),
    };

    /// <summary>For whoever lets others in and has not said under which name: under every other one they are refused.</summary>
    /// <returns>Null when there is nothing to say.</returns>
    public static string? Remark(IConfiguration configuration, Uri publicUrl, string urls) =>
        configuration["PublicUrl"] is null && new WebSettings(publicUrl, false).IsOnLoopback
            && !ListenAddresses.Read(urls).All(ListenAddresses.IsOnLoopback)
            ? $"PublicUrl is not set, so only {publicUrl.GetLeftPart(UriPartial.Authority)} is answered: set it to what people use."
            : null;

    /// <exception cref="StartRefused"/>
    static IEnumerable<string> AllowedHosts(IConfiguration configuration) =>
        (configuration["AllowedHosts"] ?? "").Split([';', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => HostOf(name) ?? throw new StartRefused(
                $"AllowedHosts names \"{name}\", which is no host name. It takes names or addresses without ports, separated by "
                + "semicolons; * is not possible, because every name would be answered."));

    /// <returns>As a Host header names it; null for what is none.</returns>
    static string? HostOf(string name)
    {
        var written = name.Contains(':') && !name.StartsWith('[') ? $"[{name}]" : name;
        if (Uri.CheckHostName(name) is UriHostNameType.Unknown or UriHostNameType.Basic) return null;
        if (!Uri.TryCreate($"http://{written}", UriKind.Absolute, out var url)) return null;
        return url.HostNameType is UriHostNameType.Dns ? url.IdnHost : url.Host;
    }

    static IEnumerable<string> HostsOf(string urls) =>
        ListenAddresses.Read(urls).Select(a => a.Host).Where(h => h is not ("*" or "+" or "0.0.0.0" or "[::]"));

    static string? StrictTransport(string? asked) => asked?.ToLowerInvariant() switch
    {
        null or "" or "subdomains" => "max-age=31536000; includeSubDomains",
        "host" => "max-age=31536000",
        "off" => null,
        _ => throw new StartRefused($"StrictTransportSecurity is \"{asked}\"; it can be subdomains, host or off."),
    };
}
