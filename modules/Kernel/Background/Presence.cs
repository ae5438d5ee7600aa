namespace DirectoryPlatform.Kernel.Background;

/// <summary>
/// Shows all nodes that this process lives, by a lock of a session of its own, which PostgreSQL gives back when the process is killed and
/// not when it merely froze: <c>kernel.process_lives</c> tells. For work that nobody may begin again while its process could still go on
/// with it.
/// </summary>
public sealed class Presence : BackgroundService
{
    readonly NpgsqlDataSource _database;
    readonly Node _node;
    readonly BackgroundSettings _settings;
    readonly Outage _outage;
    readonly ILogger<Presence> _log;
    volatile bool _isShown;

    internal Presence(NpgsqlDataSource database, Node node, BackgroundSettings settings, Outage outage, ILogger<Presence> log) =>
        (_database, _node, _settings, _outage, _log) = (database, node, settings, outage, log);

    /// <summary>Under this id; null while nobody could tell.</summary>
    public Guid? Process => _isShown ? _node.Process : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _database.OpenConnectionAsync(stoppingToken);
                await connection.ExecuteAsync("select pg_advisory_lock(1347571523, kernel.process_lock(@Process))", new { _node.Process });
                try
                {
                    _isShown = true;
                    for (; ; await connection.ExecuteAsync("select 1")) await Task.Delay(_settings.Beat, stoppingToken);
                }
                finally
                {
                    _isShown = false;
                    // The pool keeps the session.
                    if (connection.FullState == System.Data.ConnectionState.Open)
                        await connection.ExecuteAsync("select pg_advisory_unlock(1347571523, kernel.process_lock(@Process))",
                            new { _node.Process });
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
            catch (Exception broken)
            {
                if (!_outage.Explains(broken)) _log.KeepingInterrupted(broken);
            }
            try { await Task.Delay(_settings.Beat, stoppingToken); }
            catch (OperationCanceledException) { return; }
        }
    }
}
