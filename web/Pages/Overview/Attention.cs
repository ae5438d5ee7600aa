namespace DirectoryPlatform.Web.Pages.Overview;

/// <param name="Tone">As of a <see cref="Badge"/>.</param>
/// <param name="Text">What is wrong or waits, with the number that the page behind it shows.</param>
/// <param name="When">How long there is, or since when; null where it does not matter.</param>
/// <param name="Link">What is done about it.</param>
public sealed record AttentionRow(string Tone, string Text, string? When, string Path, string Link);

/// <summary>What an admin should look at, from what the other pages show: the most urgent first.</summary>
/// <param name="home">Of the organization.</param>
public sealed class Attention(string home, DateTimeOffset now)
{
    /// <summary>Of one kind; the rest is one row more.</summary>
    const int MostOfAKind = 3;

    /// <summary>A failed job is old news then (own choice).</summary>
    static readonly TimeSpan JobsRemembered = TimeSpan.FromDays(14);

    public required IReadOnlyList<DomainView> Domains { get; init; }

    /// <summary>The one that the page's first steps ask to verify: there is nothing else to say of it, unless something came in between.
    /// </summary>
    public DomainView? InFirstSteps { get; init; }

    /// <summary>Owned domains with accounts that can be claimed.</summary>
    public required IReadOnlyList<(DomainView Domain, long Accounts)> Waiting { get; init; }

    public required long Unverified { get; init; }
    public required IReadOnlyList<IdentityDirectoryView> Providers { get; init; }

    /// <summary>The newest.</summary>
    public required IReadOnlyList<JobView> Jobs { get; init; }

    public required long UndeliverableMail { get; init; }
    public required IReadOnlyList<WebhookView> Webhooks { get; init; }
    public required IReadOnlyList<ApiKeyView> Keys { get; init; }

    public IReadOnlyList<AttentionRow> Rows =>
    [
        .. Kind(Domains.Where(d => d.Deadline is not null).OrderBy(d => d.Deadline),
            n => $"{n} more domains lose their verification", "domains", d => new("bad",
            $"{d.Display} loses its verification on {Day(d.Deadline!.Value)}", Left(d.Deadline.Value), At(d), "Show record")),
        .. Kind(Domains.Where(d => d.LapsedAt is not null), n => $"{n} more domains were lost", "domains", d => new("bad",
            $"{d.Display} was lost on {Day(d.LapsedAt!.Value)}", null, At(d), "Verify again")),
        .. Kind(Jobs.Where(j => j.State is JobState.Failed && now - j.AskedAt < JobsRemembered),
            n => $"{n} more jobs failed", "jobs", j => new("bad",
            $"The job “{j.Title}” failed", Ago(j.EndedAt ?? j.AskedAt), $"{home}/jobs/{j.Id}", "Show job")),
        .. Kind(Webhooks.Where(w => w.Failure is not null), n => $"{n} more webhooks do not take events", "webhooks", w => new("bad",
            $"{new Uri(w.Url).Host} does not take events: {w.Waiting.Of("event is", "events are")} waiting", null,
            $"{home}/webhooks/{w.Id}", "Show webhook")),
        .. Kind(Providers.Where(p => p.Questions > 0),
            n => $"People from {n} more identity providers wait for your decision", "identity-providers", p => new("bad",
            $"{p.Questions.Of("person", "people")} from {p.Name} {(p.Questions == 1 ? "waits" : "wait")} for your decision", null,
            $"{home}/identity-providers/{p.Id}#identities", "Decide")),
        .. Kind(Providers.Where(p => p.Rejected > 0),
            n => $"Requests from {n} more identity providers were rejected", "identity-providers", p => new("wait",
            $"{p.Rejected.Of("request", "requests")} from {p.Name} {(p.Rejected == 1 ? "was" : "were")} rejected", "in the last 30 days",
            $"{home}/identity-providers/{p.Id}#notes", "Show why")),
        .. Kind(Waiting, n => $"{n} more domains have accounts that are not claimed", "domains", w => new("wait",
            $"{w.Accounts.Accounts()} on {w.Domain.Display} {(w.Accounts == 1 ? "is" : "are")} not claimed", null,
            $"{home}/domains/{w.Domain.Id}/claim", "Claim")),
        .. Kind(Keys.Where(k => k.ExpiresSoon(now) || k.Stopped is not null).OrderBy(k => k.ExpiresAt),
            n => $"{n} more API keys expire or have stopped", "api-keys", k =>
            k.Stopped is null
                ? new("wait", $"API key “{k.Name}” expires on {Day(k.ExpiresAt)}", Left(k.ExpiresAt), $"{home}/api-keys", "Show keys")
                : new("wait", $"API key “{k.Name}” has stopped", null, $"{home}/api-keys", "Show keys")),
        .. Kind(Domains.Where(d => !d.IsOwned && d.LapsedAt is null && !IsSaidAbove(d)),
            n => $"{n} more domains are not verified", "domains", d => new("busy", Unproved(d), null, At(d), "Verify")),
        .. UndeliverableMail == 0 ? Array.Empty<AttentionRow>()
            : [new("wait", $"{UndeliverableMail.Of("email is", "emails are")} undeliverable", null, $"{home}/settings/mail",
                "Show emails")],
        .. Unverified == 0 ? Array.Empty<AttentionRow>()
            : [new("quiet", $"{Unverified.Of("person has", "people have")} not verified their email address", null,
                $"{home}/members?status=unverified", "Show people")],
    ];

    /// <param name="more">What is wrong with how many others, two at least.</param>
    IEnumerable<AttentionRow> Kind<T>(IEnumerable<T> all, Func<int, string> more, string place, Func<T, AttentionRow> row)
    {
        var rows = all.Select(row).ToList();
        return rows.Count <= MostOfAKind ? rows : [.. rows.Take(MostOfAKind - 1), rows[MostOfAKind - 1] with
        {
            Text = more(rows.Count - MostOfAKind + 1), When = null, Path = $"{home}/{place}", Link = "Show all",
        }];
    }

    bool IsSaidAbove(DomainView domain) =>
        domain.Id == InFirstSteps?.Id && domain is { ProvedWhileOwnedElsewhere: false, GaveUpAt: null };

    static string Unproved(DomainView domain) => domain switch
    {
        { ProvedWhileOwnedElsewhere: true } => $"{domain.Display} waits for its other owner",
        { GaveUpAt: not null } => $"{domain.Display} could not be verified",
        _ => $"{domain.Display} is not verified yet",
    };

    string At(DomainView domain) => $"{home}/domains/{domain.Id}";

    string Left(DateTimeOffset until) => until <= now ? "today" : $"in {((long)Math.Ceiling((until - now).TotalDays)).Of("day", "days")}";

    string Ago(DateTimeOffset at) => now - at < TimeSpan.FromDays(1) ? "today" : $"{((long)(now - at).TotalDays).Of("day", "days")} ago";

    static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM", CultureInfo.InvariantCulture);
}
