using System.Reflection;
using System.Security.Cryptography;

namespace DirectoryPlatform.Kernel.Storage;

/// <summary>
/// Brings the database up to date: each module's numbered <c>Storage/Migrations/NNN_name.sql</c>, in module order, each in its own
/// transaction, under one advisory lock so that any number of nodes may start at the same moment.
/// </summary>
public static class Migrator
{
    const long LockKey = 0x4449524543544F52; // "DIRECTOR"

    /// <param name="modules">Lowest module first. The schema is the assembly's last name in lower case, or what its metadata call
    /// <c>Schema</c>.</param>
    /// <returns>Names of the migrations that were applied; empty when there was nothing to do.</returns>
    /// <exception cref="InvalidOperationException">An applied migration's text has changed since.</exception>
    public static Task<IReadOnlyList<string>> Migrate(string connectionString, IEnumerable<Assembly> modules,
        CancellationToken ct = default) => Migrate(connectionString, modules, _ => true, ct);

    /// <param name="isMeant">By name: a database as an earlier version left it has only those of that version.</param>
    internal static async Task<IReadOnlyList<string>> Migrate(string connectionString, IEnumerable<Assembly> modules,
        Predicate<string> isMeant, CancellationToken ct)
    {
        // A lock held by the session needs a connection of its own that the pool does not keep.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            CommandTimeout = 0
        }.ConnectionString);
        await connection.OpenAsync(ct);
        await connection.ExecuteAsync("select pg_advisory_lock(@LockKey)", new { LockKey });
        await connection.ExecuteAsync("""
            create schema if not exists kernel;
            create table if not exists kernel.migration (
              name text primary key, sha256 text not null, applied_at timestamptz not null default now());
            """);
        var applied = (await connection.QueryAsync<(string Name, string Sha256)>("select name, sha256 from kernel.migration"))
            .ToDictionary(m => m.Name, m => m.Sha256);
        var done = new List<string>();
        foreach (var module in modules)
        {
            var schema = SchemaOf(module);
            foreach (var (name, sql) in ScriptsOf(module).Where(s => isMeant(s.Name)))
            {
                var sha256 = DigestOf(sql);
                if (applied.TryGetValue(name, out var before))
                {
                    if (before != sha256)
                        throw new InvalidOperationException(
                            $"Migration {name} was changed after it had been applied. Add a new one instead.");
                    continue;
                }
                await using var transaction = await connection.BeginTransactionAsync(ct);
                await connection.ExecuteAsync($"create schema if not exists {schema};\n{sql}", transaction: transaction);
                await connection.ExecuteAsync("insert into kernel.migration (name, sha256) values (@name, @sha256)", new { name, sha256 },
                    transaction);
                await transaction.CommitAsync(ct);
                done.Add(name);
            }
        }
        return done;
    }

    /// <summary>Of all migrations that this program knows, as they are noted when they are applied.</summary>
    public static IEnumerable<string> NamesOf(IEnumerable<Assembly> modules) => modules.SelectMany(ScriptsOf).Select(s => s.Name);

    /// <summary>The same, each with its digest and its text.</summary>
    internal static IEnumerable<(string Name, string Sha256, string Sql)> AllOf(IEnumerable<Assembly> modules) =>
        modules.SelectMany(ScriptsOf).Select(s => (s.Name, DigestOf(s.Sql), s.Sql));

    static string DigestOf(string sql) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));

    static string SchemaOf(Assembly module) =>
        module.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "Schema")?.Value
        ?? module.GetName().Name!.Split('.')[^1].ToLowerInvariant();

    static IEnumerable<(string Name, string Sql)> ScriptsOf(Assembly module)
    {
        const string folder = ".Storage.Migrations.";
        foreach (var resource in module.GetManifestResourceNames().Where(n => n.Contains(folder)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(module.GetManifestResourceStream(resource)!);
            yield return ($"{SchemaOf(module)}/{resource[(resource.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..]}",
                reader.ReadToEnd().ReplaceLineEndings("\n"));
        }
    }
}
