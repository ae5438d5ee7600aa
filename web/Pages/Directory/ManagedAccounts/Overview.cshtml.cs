namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>How the managed accounts stand and how they came to be: pictures beside the same numbers as tables.</summary>
[Requires(Permission.ViewManagedAccounts)]
public sealed class OverviewModel(IMediator mediator) : OrganizationPage(mediator)
{
    public ManagedAccountCounts Counts { get; private set; } = null!;
    public Growth Growth { get; private set; } = null!;
    public IReadOnlyList<Share> Shares { get; private set; } = [];

    /// <summary>For the chart: seconds since 1970 of each point, comma by comma.</summary>
    public string Days => Joined(p => new DateTimeOffset(p.Day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeSeconds());

    public string Claimed => Joined(p => p.Claimed);
    public string Total => Joined(p => p.Total);

    public async Task OnGet()
    {
        Counts = await Send(new CountManagedAccounts(Organization));
        Growth = await Send(new ReadGrowth(Organization));
        Shares = Share.Of(Counts);
    }

    string Joined(Func<GrowthPoint, long> value) =>
        string.Join(',', Growth.Points.Select(p => value(p).ToString(CultureInfo.InvariantCulture)));
}

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
            var accounts = word.Value switch { "active" => counts.Active, "deactivated" => counts.Deactivated,
                "pending-deletion" => counts.PendingDeletion, _ => counts.Unverified };
            var share = new Share(word.Value, word.Label, accounts, counts.Total == 0 ? 0 : 100.0 * accounts / counts.Total, start);
            start += share.Width;
            return share;
        })];
    }
}
