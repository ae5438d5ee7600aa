namespace DirectoryPlatform.Domains;

/// <summary>When an owned domain is looked at again, and when its admins are told once more
/// that the token is missing (SPEC D9). Pure.</summary>
static class Milestones
{
    /// <summary>Before the deadline: a week to get hold of whoever runs the DNS, and a last day (own choice).</summary>
    static readonly TimeSpan[] WarnBefore = [TimeSpan.FromDays(7), TimeSpan.FromDays(1)];

    /// <summary>After a look that got no answer: an hour mends most of what is only passing.</summary>
    static readonly TimeSpan AfterSilence = TimeSpan.FromHours(1);

    static readonly TimeSpan Soonest = TimeSpan.FromMinutes(1);

    /// <summary>Whether a warning has come due since the last one. Several that were slept through are one.</summary>
    public static bool Due(Domain domain, DateTimeOffset now) =>
        domain is { Deadline: { } deadline, WarnedAt: { } warned } && now < deadline
            && WarnBefore.Any(before => deadline - before is var at && at <= now && at > warned);

    /// <summary>
    /// Every domain has a minute of the day of its own, so that the looks are spread over the day and stay so after a time in which nobody
    /// looked. A warning and the deadline itself are not waited past.
    /// </summary>
    public static DateTimeOffset NextLook(Domain domain, DateTimeOffset now)
    {
        var at = domain.UnansweredSince is null ? OwnMinute(domain.Id, now) : now + AfterSilence;
        if (domain.Deadline is { } deadline)
            foreach (var moment in (DateTimeOffset[])[.. WarnBefore.Select(before => deadline - before), deadline])
                if (moment > now && moment < at) at = moment;
        return at < now + Soonest ? now + Soonest : at;
    }

    /// <summary>Later than now, and within 24 hours.</summary>
    static DateTimeOffset OwnMinute(DomainId domain, DateTimeOffset now)
    {
        const uint minutes = 24 * 60;
        var own = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero)
            .AddMinutes(BitConverter.ToUInt32(domain.Value.ToByteArray(), 12) % minutes);
        return own > now ? own : own + Domain.Daily;
    }
}
