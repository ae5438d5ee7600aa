using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DirectoryPlatform.Kernel.Storage.Keys;

/// <summary>The key file of this node, if it has one.</summary>
sealed record KeySettings(KeyFile? File);

/// <summary>Cookies, tickets and secrets that must be read again: sealed by keys that all nodes share.</summary>
static class KeyRegistration
{
    public static void AddKeys(this IServiceCollection services, KeyFile? file)
    {
        services.TryAddSingleton(new KeySettings(file));
        services.AddDataProtection();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(p => new ConfigureOptions<KeyManagementOptions>(o =>
            o.XmlRepository = new DataProtectionKeys(p.GetRequiredService<NpgsqlDataSource>(), p.GetRequiredService<KeySettings>().File)));
        services.AddSingleton<IConfigureOptions<DataProtectionOptions>>(p => new ConfigureOptions<DataProtectionOptions>(o =>
            o.ApplicationDiscriminator = ApplicationOf(p.GetRequiredService<NpgsqlDataSource>(), o.ApplicationDiscriminator)));
    }

    /// <summary>
    /// The installation's name for what it seals: by itself the framework takes the folder of the program, and a node, a restored backup or
    /// an upgrade elsewhere could open nothing.
    /// </summary>
    /// <param name="folder">The framework's own choice; null where there is no web host, which decides nothing.</param>
    static string? ApplicationOf(NpgsqlDataSource database, string? folder)
    {
        using var connection = database.OpenConnection();
        if (folder is not null)
            connection.Execute("update kernel.protection set application = @folder where application is null", new { folder });
        return connection.ExecuteScalar<string?>("select application from kernel.protection") ?? folder;
    }
}
