namespace DirectoryPlatform.Kernel.Changes;

/// <summary>
/// The one way to change something outside of a grain: rows, audit entries (SPEC L1), mails and facts are one transaction, which a refusal
/// or an exception takes back. Nothing commits without an entry. Where none is needed, the change says why: <see cref="Change.Quiet"/>, or
/// <see cref="Change.Unchanged"/> where everything was so already.
/// </summary>
/// <example><code>
/// Task&lt;Outcome&lt;Done&gt;&gt; Handle(RenameSite command, CancellationToken ct) => work.Run&lt;Done&gt;(command.Origin, async change =>
/// {
///     if (await change.Value&lt;string&gt;("select name … for update", values) is not { } was) return new NotFound("site");
///     if (was == name) return change.Unchanged();
///     await change.Write("update …", values);
///     change.WriteAudit(organization, command.Site.Value, SiteActions.SiteRenamed, new { name = was }, new { name });
///     return Done.It;
/// }, ct);
/// </code></example>
public sealed class UnitOfWork(NpgsqlDataSource database, MailQueue mails, [FromKeyedServices(OutboxDelivery.WakeKey)] Wake delivery,
    Admissions admissions, TimeProvider clock)
{
    /// <summary>Commits when granted; mails and facts then leave at once.</summary>
    /// <exception cref="NoLongerAdmittedException">Whoever asks may no longer (SPEC A9); nothing is committed.</exception>
    /// <exception cref="InvalidOperationException">Granted with neither an entry nor a reason for none; nothing is committed.</exception>
    public async Task<Outcome<T>> Run<T>(Origin origin, Func<Change, Task<Outcome<T>>> decide, CancellationToken ct) where T : notnull
    {
        await admissions.Stand();
        await using var connection = await database.OpenConnectionAsync(ct);
        // Disposed before its commit, the connection rolls back.
        var change = Change.On(connection, origin, clock.GetUtcNow());
        var outcome = await decide(change);
        if (!outcome.Granted) return outcome;
        if (!change.IsAccountedFor)
            throw new InvalidOperationException("Nothing was committed: this change has no audit entry. Write one with Change.WriteAudit, "
                + "or say with Change.Quiet why none is needed.");
        // However long the decision took, or the process stood still.
        await admissions.Stand();
        await change.Commit(ct);
        if (change.HasMail) mails.WakeSender();
        if (change.HasFacts) delivery.Now();
        return outcome;
    }

    /// <summary>For what has no other outcome than being done.</summary>
    public async Task Run(Origin origin, Func<Change, Task> write, CancellationToken ct) => await Run<Done>(origin, async change =>
    {
        await write(change);
        return Done.It;
    }, ct);

    /// <summary>The same code, and nothing of it kept: for previews, and for reads that need locks or one moment.</summary>
    /// <param name="origin">Whoever asks, for code that asks for that.</param>
    public async Task<T> Look<T>(Origin origin, Func<Change, Task<T>> look, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await look(Change.On(connection, origin, clock.GetUtcNow()));
    }
}
