namespace DirectoryPlatform.Kernel.Mail;

/// <summary>Queues mails outside of a change, for listeners.</summary>
public sealed class MailQueue(NpgsqlDataSource database, TimeProvider clock, [FromKeyedServices(MailSending.WakeKey)] Wake wake)
{
    public async Task Send(IReadOnlyList<OutgoingMail> mails, CancellationToken ct)
    {
        if (mails.Count == 0) return;
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(OutgoingMail.Insert(mails, clock.GetUtcNow()));
        await batch.ExecuteNonQueryAsync(ct);
        wake.Now();
    }

    /// <summary>For mails that were queued in somebody else's transaction.</summary>
    public void WakeSender() => wake.Now();
}
