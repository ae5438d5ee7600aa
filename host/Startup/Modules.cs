using System.Globalization;
using System.Reflection;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Webhooks;

namespace DirectoryPlatform.Host.Startup;

/// <summary>The modules, lowest first: the order of migrations and of registration.</summary>
public static class Modules
{
    public static readonly IReadOnlyList<Assembly> All =
    [
        typeof(KernelRegistration).Assembly, typeof(DomainsRegistration).Assembly, typeof(AccountsRegistration).Assembly,
        typeof(IsThereAnyOrganization).Assembly,
        typeof(SecurityRegistration).Assembly, typeof(ProvisioningRegistration).Assembly, typeof(WebhooksRegistration).Assembly,
        typeof(ReportingRegistration).Assembly,
    ];

    public static Task<IReadOnlyList<string>> Migrate(string connectionString, CancellationToken ct = default) =>
        Migrator.Migrate(connectionString, All, ct);

    /// <param name="connectionString">Of a migrated database.</param>
    /// <param name="publicUrl">See <see cref="ProductUrl"/>.</param>
    public static IServiceCollection AddModules(this IServiceCollection services, IConfiguration configuration, string connectionString,
        bool ownsDatabase, bool demo, Uri publicUrl)
    {
        var smtp = configuration.GetSection("Mail:Smtp");
        var tls = smtp.GetValue<bool?>("Tls");
        var port = smtp.GetValue("Port", tls == true ? MailSettings.TlsPort : new MailSettings().Port);
        var mail = new MailSettings
        {
            Host = smtp["Host"],
            Port = port,
            Tls = tls ?? port == MailSettings.TlsPort,
            OAuth2 = MailOAuth2.From(smtp),
            User = smtp["User"],
            Password = smtp["Password"],
            StartTls = smtp.GetValue("StartTls", true),
            From = configuration["Mail:From"] ?? new MailSettings().From,
            Mailbox = demo && smtp["Host"] is null,
            Templates = configuration["Mail:Templates"],
        };
        var kernel = new KernelSettings(connectionString, mail, ownsDatabase)
        {
            Background = BackgroundSettings.From(configuration),
            Keys = KeyFile.From(configuration),
            Doors = DoorsFrom(configuration),
            ClockMoves = demo && ownsDatabase,
        };
        return services
            .AddSingleton(new ProductUrl(publicUrl))
            .AddKernel(kernel, All)
            .AddDomains(configuration, demo)
            .AddAccounts(PictureProgram.Of(typeof(Modules).Assembly))
            .AddSites()
            .AddSecurity()
            .AddProvisioning()
            .AddWebhooks()
            .AddReporting();
    }

    /// <exception cref="InvalidOperationException">Names a value that makes no sense.</exception>
    static DoorSettings DoorsFrom(IConfiguration configuration) => configuration["Doors:Times"] switch
    {
        null or "" => new(),
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var times)
            && times is >= 0.1 and <= 1_000_000 => new() { Times = times },
        var text => throw new InvalidOperationException($"Doors:Times is \"{text}\", which is no number between 0.1 and 1000000."),
    };
}
