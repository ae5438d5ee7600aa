using System.Text.RegularExpressions;
using DirectoryPlatform.Domains.Internal.Dns;
using DirectoryPlatform.Domains.Internal.Https;
using DirectoryPlatform.Host.Commands;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Api;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Host;

/// <summary><c>docs/settings.md</c> lists each command and each setting once, with the default that the program has; no guide names
/// another.</summary>
[Trait("Rule", "R7")]
public sealed partial class TellEverySetting
{
    /// <summary>The framework, the binder, OpenTelemetry or the environment is asked: none of our sources that read settings says them.
    /// </summary>
    static readonly string[] AskedElsewhere =
    [
        "Api:Burst", "Api:RequestsPerSecond", "Apps:ID", "Logging:Console:FormatterName", "Logging:Console:FormatterOptions:IncludeScopes",
        "Logging:LogLevel:Default", "OTEL_EXPORTER_OTLP_ENDPOINT", "POSTGRES_BIN",
    ];

    /// <summary>Names that an operator chooses, or that are others'.</summary>
    static readonly string[] AskedOfOthers = [.. AskedElsewhere.Where(n => !n.StartsWith("Api:", StringComparison.Ordinal))];

    /// <summary>Kestrel's own way to listen, which a demo is refused; and a variable that the guide to telemetry has.</summary>
    static readonly string[] NotListed = ["Kestrel:Endpoints", "OTEL_METRIC_EXPORT_INTERVAL", "Url"];

    /// <summary>Said in words, which no value of the program is.</summary>
    static readonly string[] DefaultInWords =
    [
        "Background:MostAtOnce", "Cluster:Silo", "Domains:Dns:Servers", "Logging:Console:FormatterName",
        "Logging:Console:FormatterOptions:IncludeScopes", "Logging:LogLevel:Default", "Mail:Smtp:Tls", "POSTGRES_BIN", "PublicUrl",
        "StrictTransportSecurity",
    ];

    static string Text(params string[] path) => File.ReadAllText(Path.Combine([Checkout.Root.FullName, "docs", .. path]));

    /// <summary>A row may have several: what follows the first stands in the same section, with a default of its own or the row's one.
    /// </summary>
    static IReadOnlyList<(string Name, string Default)> Listed() => [.. Text("settings.md").Split("## Settings")[1].Split('\n')
        .Where(row => row.StartsWith("| `", StringComparison.Ordinal)).Select(row => row.Split('|')).SelectMany(cells =>
        {
            var names = Name().Matches(cells[1]).Select(m => m.Groups[1].Value).ToList();
            var defaults = cells[3].Trim().Split(", ");
            return names.Select((name, i) => (i == 0 || name.Contains(':') ? name : $"{names[0][..names[0].LastIndexOf(':')]}:{name}",
                defaults.Length == names.Count ? defaults[i] : cells[3].Trim()));
        })];

    [Fact]
    public void Each_that_is_read_is_listed_once_and_each_that_is_listed_is_read()
    {
        var listed = Listed().Select(s => s.Name).ToList();
        listed.ShouldBeUnique();
        var asked = ((string[])["host", "modules", "web"]).SelectMany(project => Directory.EnumerateFiles(
                Path.Combine(Checkout.Root.FullName, project), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText)
            .Where(text => text.Contains("IConfiguration", StringComparison.Ordinal))
            .SelectMany(text => Asked().Matches(text)).Select(m => m.Groups[1].Value).Distinct().ToList();
        asked.Count.ShouldBeGreaterThan(30);
        asked.Where(name => !listed.Exists(l => $":{l}:".Contains($":{name}:", StringComparison.Ordinal))).Order()
            .ShouldBe(NotListed);
        listed.Where(l => !asked.Exists(name => l == name || l.EndsWith($":{name}", StringComparison.Ordinal))).Order()
            .ShouldBe(AskedElsewhere);
    }

    [Fact]
    public void What_is_nearly_the_name_of_one_is_told_at_the_start_and_what_others_are_set_is_not()
    {
        string[] told = ["Cluster:Adress", "Mail:Smtp:StartTsl", "trustedproxy:0", "PublicUlr", "Clusters:Silo"];
        string[] untold =
        [
            "DOORS:TIMES", "TrustedProxies:0", "TrustedProxies:1", "Domains:Dns:Servers:0", "Apps:jira", "Logging:LogLevel:Default",
            "PATH", "HOME", "LANG", "DATABASE", "MAIL_FROM", "API_KEY", "Kestrel:Endpoints:Web:Url", "OTEL_EXPORTER_OTLP_ENDPOINT",
        ];
        KnownSettings.Warnings(Set([.. told, .. untold])).Select(w => (w.Split(' ')[1], w.Split("nearest one is ")[1].Split(' ')[0]))
            .ShouldBe([
                ("Cluster__Adress", "Cluster__Address"), ("Clusters__Silo", "Cluster__Silo"),
                ("Mail__Smtp__StartTsl", "Mail__Smtp__StartTls"), ("PublicUlr", "PublicUrl"), ("trustedproxy", "TrustedProxies"),
            ]);
        KnownSettings.Names.Order().ShouldBe(Listed().Select(s => s.Name).Except(AskedOfOthers).Order());

        static IConfiguration Set(IEnumerable<string> names) =>
            new ConfigurationBuilder().AddInMemoryCollection(names.Select(n => KeyValuePair.Create<string, string?>(n, "x"))).Build();
    }

    [Fact]
    public async Task Its_default_is_the_programs()
    {
        var nothing = new ConfigurationBuilder().Build();
        await using var product = new ServiceCollection().AddLogging()
            .AddModules(nothing, "Host=localhost;Port=1", ownsDatabase: false, demo: false, new("http://localhost")).BuildServiceProvider();
        var (dns, https) = (product.GetRequiredService<DnsSettings>(), product.GetRequiredService<HttpsSettings>());
        var (background, mail) = (product.GetRequiredService<BackgroundSettings>(), product.GetRequiredService<MailSettings>());
        var api = new ApiSettings();
        var actual = new Dictionary<string, string>
        {
            ["Api:Burst"] = $"{api.Burst}",
            ["Api:RequestsPerSecond"] = $"{api.RequestsPerSecond}",
            ["Background:CheckInLateMilliseconds"] = $"{background.CheckInLate.TotalMilliseconds}",
            ["Background:CheckInMilliseconds"] = $"{background.CheckIn.TotalMilliseconds}",
            ["Database:Nodes"] = $"{Installation.UsualNodes}",
            ["Domains:Dns:Attempts"] = $"{dns.Attempts}",
            ["Domains:Dns:TimeoutSeconds"] = $"{dns.Timeout.TotalSeconds}",
            ["Domains:Https:AllowPrivateAddresses"] = https.AllowPrivateAddresses ? "true" : "false",
            ["Domains:Https:ConnectTimeoutSeconds"] = $"{https.ConnectTimeout.TotalSeconds}",
            ["Domains:Https:Port"] = $"{https.Port}",
            ["Domains:Https:TotalTimeoutSeconds"] = $"{https.TotalTimeout.TotalSeconds}",
            ["Doors:Times"] = $"{product.GetRequiredService<DoorSettings>().Times}",
            ["Mail:From"] = $"`{mail.From}`",
            ["Mail:Smtp:Port"] = $"{mail.Port}",
            ["Mail:Smtp:StartTls"] = mail.StartTls ? "true" : "false",
            ["Stop:DrainSeconds"] = $"{StopSettings.From(nothing, false).Drain.TotalSeconds}, or "
                + $"{StopSettings.From(nothing, true).Drain.TotalSeconds} with an embedded database",
        };
        var listed = Listed().ToDictionary(s => s.Name, s => s.Default);
        foreach (var (name, value) in actual) listed[name].ShouldBe(value, name);
        listed.Where(s => s.Value != "–" && !actual.ContainsKey(s.Key)).Select(s => s.Key).Order().ShouldBe(DefaultInWords);
        ((object?[])[mail.Host, mail.User, mail.Password, mail.OAuth2, mail.Templates]).ShouldAllBe(v => v == null, "a dash is nothing");
        Text("operate", "production.md").ShouldContain($"{api.RequestsPerSecond} a second after a burst of {api.Burst}");
    }

    [Fact]
    public void A_guide_names_settings_that_there_are()
    {
        var listed = Listed().Select(s => s.Name).ToHashSet();
        var docs = Path.Combine(Checkout.Root.FullName, "docs");
        var named = Directory.EnumerateFiles(docs, "*.md").Where(f => Path.GetFileName(f) != "spec.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(docs, "operate"))).Append(Path.Combine(docs, "..", "build", "node.env"))
            .SelectMany(f => Variable().Matches(File.ReadAllText(f)).Select(m => (File: Path.GetFileName(f),
                Name: (m.Groups["env"].Success ? m.Groups["env"] : m.Groups["key"]).Value.Replace("__", ":", StringComparison.Ordinal))))
            .ToList();
        named.Count.ShouldBeGreaterThan(50);
        named.Where(n => !listed.Contains(n.Name) && !n.Name.StartsWith("Apps:", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact, Trait("Rule", "R5")]
    public void Each_command_is_listed_with_its_options()
    {
        var root = CommandLine.Define();
        var rows = Text("settings.md").Split("## Commands")[1].Split("## The demo")[0].Split('\n')
            .Where(row => row.StartsWith("| `./run", StringComparison.Ordinal)).ToList();
        var listed = new List<string>();
        foreach (var written in rows.SelectMany(row => Command().Matches(row[..(row.IndexOf("` | ", StringComparison.Ordinal) + 1)]))
            .Select(m => m.Groups[1].Value).Where(text => !text.StartsWith("COMMAND", StringComparison.Ordinal)))
        {
            var name = written.Split(' ')[0];
            var command = name.StartsWith('[') ? root : root.Subcommands.Single(c => c.Name == name);
            Option().Matches(written).Select(m => m.Value).Order().ShouldBe(
                command.Options.Select(o => o.Name).Where(o => o is not ("--help" or "--version")).Order(), written);
            if (command != root) listed.Add(name);
        }
        listed.Distinct().Order().ShouldBe(root.Subcommands.Select(c => c.Name).Order());
    }

    [GeneratedRegex(@"`([A-Za-z][\w:]*)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"(?:\w\[|GetSection\(|GetConnectionString\(|GetValue(?:<[^>]+>)?\(|Number\((?:section, )?|Milliseconds\("
        + @"|Needed\(\w+, )""([A-Z][\w:]*)""")]
    private static partial Regex Asked();

    [GeneratedRegex(@"\b(?<env>[A-Z][A-Za-z0-9]+(?:__[A-Za-z0-9]+)+)|`(?<key>[A-Z][A-Za-z0-9]+(?::[A-Z][A-Za-z0-9]+)+)`")]
    private static partial Regex Variable();

    [GeneratedRegex(@"`\./run ([^`]+)`")]
    private static partial Regex Command();

    [GeneratedRegex("--[a-z-]+")]
    private static partial Regex Option();
}
