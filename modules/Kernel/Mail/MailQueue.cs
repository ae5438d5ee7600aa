using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Kernel.Mail;

/// <summary>The one address under which people reach this installation; links in mails are built from it and from nothing that a request
/// says (SPEC S9).</summary>
public sealed record PublicAddress(Uri Base)
{
    /// <param name="path">Begins with a slash.</param>
    public string Link(string path) => new Uri(Base, path).AbsoluteUri;
}

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
