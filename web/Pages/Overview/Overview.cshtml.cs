using DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

namespace DirectoryPlatform.Web.Pages.Overview;

/// <summary>The organization's first page: what needs attention, how its accounts stand and came to be, and what was done lately. Each
/// number leads to the rows that it counts.</summary>
[Requires(Permission.ViewManagedAccounts)]
public sealed class OverviewModel(IMediator mediator, TimeProvider clock) : OrganizationPage(mediator)
{
    /// <summary>Columns of the chart; the list can be filtered by as many days.</summary>
    public const int DaysShown = 30;

    /// <summary>A curve of fewer is a stroke: the number is said instead.</summary>
    const int FewestDays = 7;

    const int JobsLookedAt = 20, JobsShown = 5, DomainsShown = 5;

    public ManagedAccountCounts Counts { get; private set; } = null!;
    public Activity Activity { get; private set; } = null!;
    public Growth Growth { get; private set; } = null!;
    public IReadOnlyList<AttentionRow> Attention { get; private set; } = [];
    public IReadOnlyList<JobView> Jobs { get; private set; } = [];
    public IReadOnlyList<AuditLine> Events { get; private set; } = [];
    public IReadOnlyList<(DomainView Domain, DomainAccountCount Count)> Owned { get; private set; } = [];
    public IReadOnlyList<DomainView> Domains { get; private set; } = [];

    public string Members => $"{Home}/members";
    public DateOnly Today { get; private set; }
    public IEnumerable<(DomainView Domain, DomainAccountCount Count)> Largest => Owned.Take(DomainsShown);

    /// <summary>All that grew did so in the last few days.</summary>
    public bool IsYoung => Growth.Points.Count > 0 && Today.DayNumber - Growth.Points[0].Day.DayNumber < FewestDays;

    /// <summary>Until something is managed the page says how to get there.</summary>
    public bool IsNew => Counts.Listed == 0;

    /// <summary>For the chart, the longest ago first. They are times of 24 hours up to now and no days of a calendar, as the list's filter
    /// has them.</summary>
    public IReadOnlyList<(long, string)> ActiveDays => [.. Activity.Days.Take(DaysShown).Select((accounts, ago) =>
        (accounts, $"{(ago == 0 ? "Less than a day" : $"{ago} to {ago + 1} days")} ago: {accounts.Accounts()} last active"))
        .Reverse()];

    public async Task OnGet()
    {
        var now = clock.GetUtcNow();
        Today = DateOnly.FromDateTime(now.UtcDateTime);
        Counts = await Send(new CountManagedAccounts(Organization));
        Domains = await Send(new ReadDomains(Organization));
        var owned = Domains.Where(d => d.IsOwned).ToList();
        var counts = await Send(new CountAccountsOnDomains(Organization, [.. owned.Select(d => d.Name)]));
        Owned = [.. owned.Select(d => (d, counts[d.Name])).OrderByDescending(d => d.Item2.Listed + d.Item2.Claimable)];
        var jobs = (await Send(new ListJobs(OrgId, Size: JobsLookedAt))).Value.Rows;
        Jobs = [.. jobs.Take(JobsShown)];
        Events = await Send(new ReadSensitiveEvents(Organization));
        Attention = new Attention(Home, now)
        {
            Domains = Domains,
            InFirstSteps = IsNew && Owned.Count == 0 ? Domains.FirstOrDefault() : null,
            Waiting = [.. Owned.Select(d => (d.Domain, d.Count.Claimable)).Where(d => d.Claimable > 0)],
            Unverified = Counts.Unverified,
            Providers = await Send(new ReadIdentityDirectories(Organization)),
            Jobs = jobs,
            UndeliverableMail = await Send(new CountUndeliverableMail(OrgId)),
            Webhooks = await Send(new ReadWebhooks(Organization)),
            Keys = await Send(new ReadApiKeys(Organization)),
        }.Rows;
        Activity = await Send(new ReadActivity(Organization));
        Growth = await Send(new ReadGrowth(Organization));
    }

    /// <summary>The ways to sign in safely that there are, and those who have none.</summary>
    public IEnumerable<FilterWord<SecureLogin>> LoginsShown =>
        FilterLabels.SecureLogins.Where(w => w.Means is not SecureLogin.Any
            && (w.Means is not SecureLogin.SingleSignOn || Counts.SingleSignOn > 0));

    /// <summary>All but the one above the chart.</summary>
    public IEnumerable<FilterWord<LastActive>> ActivityShown => FilterLabels.Activity.Where(w => w.Means is not LastActive.Within30Days);

    /// <summary>The pieces of the bar, and the list's filters.</summary>
    public IReadOnlyList<Share> Shares => Share.Of(Counts);

    /// <summary>The way from nothing to a managed account. The first that is not done is the next.</summary>
    public IReadOnlyList<FirstStep> Steps
    {
        get
        {
            var (first, unproved) = (Owned.FirstOrDefault().Domain, Domains.FirstOrDefault());
            return
            [
                new("Add a domain", "The part after the @ in your people’s email addresses.", Domains.Count > 0,
                    $"{Home}/domains/add", "Add domain"),
                new("Verify it", "Publish a DNS record or a file that shows that the domain is under your control.", first is not null,
                    $"{Home}/domains/{unproved?.Id}", $"Verify {unproved?.Display}"),
                new("Claim its accounts", "They keep their access, their sessions and their passwords.", false,
                    $"{Home}/domains/{first?.Id}/claim", $"Claim accounts on {first?.Display}"),
            ];
        }
    }
}

/// <param name="Path">Where it is done.</param>
public sealed record FirstStep(string Title, string Text, bool Done, string Path, string Button);

/// <summary>One piece of the bar.</summary>
/// <param name="Start">From the left, of 1,000.</param>
public sealed record Share(string Status, string Label, long Accounts, double Percent, double Start)
{
    public double Width => Percent * 10;

    public static IReadOnlyList<Share> Of(ManagedAccountCounts counts)
    {
        var start = 0.0;
        return [.. FilterLabels.States.Select(word =>
        {
            var accounts = counts.In(word.Means);
            var share = new Share(word.Value, word.Label, accounts, counts.Listed == 0 ? 0 : 100.0 * accounts / counts.Listed, start);
            start += share.Width;
            return share;
        })];
    }
}
