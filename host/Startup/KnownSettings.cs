using System.Globalization;

namespace DirectoryPlatform.Host.Startup;

/// <summary>The names of <c>docs/settings.md</c>, for what is written nearly like one of them and would be ignored without a word.
/// </summary>
static class KnownSettings
{
    internal static readonly string[] Names =
    [
        "AllowedHosts", "Api:Burst", "Api:RequestsPerSecond", "Background:CheckInLateMilliseconds", "Background:CheckInMilliseconds",
        "Background:MostAtOnce", "Cluster:Address", "Cluster:Silo", "ConnectionStrings:Directory", "Database:Nodes",
        "Domains:Dns:Attempts", "Domains:Dns:Servers", "Domains:Dns:TimeoutSeconds", "Domains:Https:AllowPrivateAddresses",
        "Domains:Https:ConnectTimeoutSeconds", "Domains:Https:Port", "Domains:Https:TotalTimeoutSeconds",
        "Domains:Https:TrustedCertificateFile", "Doors:Times", "Keys:File", "Mail:From", "Mail:Smtp:Host", "Mail:Smtp:OAuth2:ClientId",
        "Mail:Smtp:OAuth2:ClientSecret", "Mail:Smtp:OAuth2:RefreshToken", "Mail:Smtp:OAuth2:Scope", "Mail:Smtp:OAuth2:TokenUrl",
        "Mail:Smtp:Password", "Mail:Smtp:Port", "Mail:Smtp:StartTls", "Mail:Smtp:Tls", "Mail:Smtp:User", "Mail:Templates", "PublicUrl",
        "Stop:DrainSeconds", "StrictTransportSecurity", "TrustedProxies",
    ];

    /// <summary>One letter in so many may be wrong.</summary>
    const int Letters = 4;

    /// <returns>A warning for each that stands in a section of the product, or looks like a name of it, and is none.</returns>
    public static IEnumerable<string> Warnings(IConfiguration configuration) =>
        from name in configuration.AsEnumerable().Where(set => set.Value is not null).Select(set => NameOf(set.Key))
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)
        where !Names.Contains(name, StringComparer.OrdinalIgnoreCase)
        let alike = Names.Where(known => known.Contains(':') == name.Contains(':'))
        let nearest = alike.MinBy(known => Distance(known, name))!
        where IsOfSection(name) || Distance(nearest, name) <= nearest.Length / Letters
        select $"Warning: {Written(name)} is no setting, and ignored. The nearest one is {Written(nearest)} (docs/settings.md).";

    /// <summary>A list may be written an item each.</summary>
    static string NameOf(string key) => key.LastIndexOf(':') is > 0 and var end
        && int.TryParse(key[(end + 1)..], CultureInfo.InvariantCulture, out _) ? key[..end] : key;

    /// <summary>Elsewhere only what is nearly a name is told of: the environment is other programs', too.</summary>
    static bool IsOfSection(string name) => name.IndexOf(':') is > 0 and var end
        && Names.Any(known => known.StartsWith(name[..(end + 1)], StringComparison.OrdinalIgnoreCase));

    static string Written(string key) => key.Replace(":", "__", StringComparison.Ordinal);

    /// <summary>Letters to put in, take out or change, whether they are capitals or not (Levenshtein).</summary>
    static int Distance(string a, string b)
    {
        var before = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var other = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], before[j]) + 1, before[j - 1] + other);
            }
            before = row;
        }
        return before[b.Length];
    }
}
