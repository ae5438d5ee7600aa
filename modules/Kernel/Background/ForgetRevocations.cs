namespace DirectoryPlatform.Kernel.Background;

/// <summary>Revocations go a minute after somebody has seen them committed. When they were written says nothing: a transaction of hours
/// commits its own at its end.</summary>
sealed class ForgetRevocations(NpgsqlDataSource database) : IRecurring
{
    public string Name => "forget revocations";
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task Run(CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("delete from kernel.revocation where seen_at < now() - interval '1 minute'"));
        batch.BatchCommands.Add(new("update kernel.revocation set seen_at = now() where seen_at is null"));
        await batch.ExecuteNonQueryAsync(ct);
    }
}
