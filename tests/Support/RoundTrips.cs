using System.Diagnostics;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// Counts what is sent to one database and waited for, from any node of this process: a batch is one, whatever it holds. That a transaction
/// is begun costs nothing of its own, and that one is committed by a call is not seen.
/// </summary>
sealed class RoundTrips : IDisposable
{
    /// <summary>What a node looks at four times a second while somebody is signed in, whoever asks; what a slice of the limits reads once,
    /// when the first of its keys is asked for; and what <see cref="AuditWatch{TRequest, TResponse}"/> asks in tests alone.</summary>
    static readonly string[] NotOurs =
    [
        "from kernel.revocation", "orleans.grain_state", "pg_snapshot_xmin(pg_current_snapshot())",
        "concat_ws(' ', fact, before, after, personal)", "select exists (select from kernel.audit_entry where request_id",
    ];

    readonly List<string> _sent = [];
    readonly ActivityListener _listener;

    public RoundTrips(TestInstallation of)
    {
        var database = new Npgsql.NpgsqlConnectionStringBuilder(of.ConnectionString).Database;
        _listener = new()
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = sent =>
            {
                if (sent.GetTagItem("db.namespace") as string != database || sent.GetTagItem("db.query.text") is not string text) return;
                if (Array.Exists(NotOurs, text.Contains)) return;
                lock (_sent) _sent.Add(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The statements, in order.</summary>
    public IReadOnlyList<string> Sent
    {
        get
        {
            lock (_sent) return [.. _sent];
        }
    }

    public void ShouldBeAtMost(int most) =>
        Sent.Count.ShouldBeLessThanOrEqualTo(most, string.Join('\n', Sent.Select(s => s.Length < 160 ? s : s[..160])));

    public void Dispose() => _listener.Dispose();
}
