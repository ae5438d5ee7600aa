namespace DirectoryPlatform.Host.EmbeddedPostgres;

/// <summary>What may differ between a product's database and a test's; everything else about the embedded server is fixed.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>The database that the connection string names; created when missing.</summary>
    public string Database { get; init; } = "directory";

    /// <summary>False gives up safety against power loss for speed (<c>initdb -N</c>, <c>fsync=off</c>):
    /// only for data that may be lost.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>How long a start may take in all, crash recovery and waiting for another process's start included.</summary>
    public TimeSpan StartWithin { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Server settings laid over <see cref="ProductSettings"/>; they apply from the next start and are stored nowhere.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>A throw-away server: fast, and with connections enough for many test classes at once.</summary>
    public static EmbeddedPostgresOptions ForTests { get; } = new()
    {
        Durable = false,
        Settings = new Dictionary<string, string> { ["max_connections"] = "400", ["shared_buffers"] = "128MB" },
    };

    /// <summary>
    /// Sized for a million accounts on a small machine. The two time-outs free a dead node's row locks (DESIGN, Grains);
    /// few and large checkpoints with compressed pages keep bulk jobs from being throttled by full-page writes.
    /// </summary>
    public static IReadOnlyDictionary<string, string> ProductSettings { get; } = new Dictionary<string, string>
    {
        ["shared_buffers"] = "256MB",
        ["max_connections"] = "200",
        ["idle_in_transaction_session_timeout"] = "60s",
        ["client_connection_check_interval"] = "1s",
        ["max_wal_size"] = "2GB",
        ["checkpoint_timeout"] = "15min",
        ["wal_compression"] = "on",
        ["log_checkpoints"] = "off",
        ["timezone"] = "UTC",
    };

    internal IEnumerable<KeyValuePair<string, string>> EffectiveSettings()
    {
        var all = new Dictionary<string, string>(ProductSettings);
        foreach (var (name, value) in Settings) all[name] = value;
        if (!Durable) (all["fsync"], all["synchronous_commit"], all["full_page_writes"]) = ("off", "off", "off");
        return all;
    }
}
