using System.Security.Authentication;
using System.Security.Cryptography;
using Npgsql;

namespace DirectoryPlatform.Host.Startup;

/// <summary>The first connection to a database of the operator's own. It is made to say in words what is wrong with the setting: what the
/// library says names neither the setting nor the host, and keeps the reason inside.</summary>
static class ExternalDatabase
{
    const string Setting = "ConnectionStrings__Directory";

    /// <exception cref="StartRefused"/>
    public static async Task Try(string connectionString, CancellationToken ct)
    {
        var to = Read(connectionString);
        try
        {
            await using var connection = new NpgsqlConnection(to.ConnectionString);
            await connection.OpenAsync(ct);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            throw new StartRefused($"The database at {to.Host} cannot be used: {Reasons(failed)}. {Advice(to, failed)}");
        }
    }

    static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        try { return new(connectionString) { Pooling = false }; }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            throw new StartRefused($"{Setting} cannot be read: {wrong.Message}.");
        }
    }

    /// <summary>The outer one says where it happened, the inner ones why.</summary>
    static string Reasons(Exception failed)
    {
        var said = new List<string>();
        for (Exception? at = failed; at is not null; at = at.InnerException) said.Add(at.Message.Trim().TrimEnd('.'));
        return string.Join(": ", said.Distinct());
    }

    static string Advice(NpgsqlConnectionStringBuilder to, Exception failed) => failed switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            $"Look at Username and Password in {Setting}.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => $"Look at Database in {Setting}.",
        _ when to.RootCertificate is { Length: > 0 } file && !File.Exists(file) =>
            $"Root Certificate in {Setting} is {file}, which is not there or cannot be read.",
        _ when IsOfTls(failed) => $"Look at SSL Mode and Root Certificate in {Setting}: VerifyFull takes a certificate that names "
            + $"{to.Host} and comes from an authority in that file, or of the system where none is named.",
        _ => $"Look at Host and Port in {Setting}.",
    };

    static bool IsOfTls(Exception failed) => failed is AuthenticationException or CryptographicException
        || failed.InnerException is { } inner && IsOfTls(inner);
}
