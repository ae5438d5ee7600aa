namespace DirectoryPlatform.Accounts.Internal.Hearing;

/// <summary>Tells the admin who asked for it, when it was work that nobody waits for in front of the screen.</summary>
sealed class WhenJobEnded(IMediator mediator, MailQueue post, ProductUrl address) : INotificationHandler<JobEnded>
{
    /// <summary>Longer than somebody looks at a progress bar (own choice).</summary>
    static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    /// <summary>As many as must be confirmed by typing (SPEC C1).</summary>
    const long Many = 1_000;

    public async Task Handle(JobEnded fact, CancellationToken ct)
    {
        if (fact.AskedBy is not { } asker) return;
        if (await mediator.Send(new ReadJob(fact.Organization, fact.Job), ct) is not { Granted: true, Value: var job }
            || job.EndedAt is not { } ended) return;
        if (job.Done <= Many && ended - (job.StartedAt ?? job.AskedAt) <= Long) return;
        if (await mediator.Send(new ReadAccount(new(asker)), ct) is not
            {
                Granted: true,
                Value: { State: AccountState.Active, Email: { Length: > 0 } email }
            }) return;
        var items = string.Create(CultureInfo.InvariantCulture, $"{job.Done:N0} {(job.Done == 1 ? "account" : "accounts")}");
        await post.Send(
            [new(email, new JobFinishedLetter(job.Title, items, fact.State is JobState.Failed
                ? job.Failure ?? "The reason is unknown."
                : null,
            address.Link($"/o/{fact.Organization}/jobs/{fact.Job}")), fact.Organization,
                DeterministicGuid.Of(fact.Job, ended.UtcTicks, "finished"))], ct);
    }
}
