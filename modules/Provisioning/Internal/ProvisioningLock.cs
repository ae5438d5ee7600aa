namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>
/// One request at a time for one person, on all nodes together. What is done to the account happens in the Accounts module's own turns; a
/// lease on the person's name makes the requests of one person follow one another, and holds nothing that such a turn could want, see
/// <see cref="ProvisioningLease"/>. On each node the organizations share a number of places, see <see cref="FairPlaces{TParty}"/>: one that
/// sends hundreds of changes at once, or whose changes hang, keeps no other one waiting. A provider that no longer waits for its answer has
/// said the same again elsewhere, and perhaps something else since: its change is not begun any more.
/// </summary>
sealed class ProvisioningLock(NpgsqlDataSource database, Admissions admissions)
{
    /// <summary>
    /// Requests under way on this node. Half of them are as many as the provider of one organization can have (own choice).
    /// </summary>
    internal const int Most = 32;

    /// <summary>More of one organization wait only when its providers send faster than it is possible to write (own choice).</summary>
    internal const int MostWaiting = 500;

    /// <summary>About as long as so many take.</summary>
    const int SecondsOfFull = 5;

    static readonly ScimFault Full = new(429, null,
        $"Too many changes by this organization’s identity providers are already waiting. "
        + $"Nothing was done. Try again in {Waits.InWords(SecondsOfFull)}.")
    {
        RetryAfter = SecondsOfFull,
    };

    readonly FairPlaces<(OrganizationId Whose, bool ByProvider)> _places = new(Most);

    internal int Free => _places.Free;

    internal int WaitingOf(OrganizationId organization) => _places.Waiting((organization, true));

    public static string Of(Guid account) => $"provisioned {account}";

    static readonly ScimFault Overtaken = new(503, null, "The change took too long. Try again.") { RetryAfter = 1 };

    /// <summary>What a provider asks. All providers of an organization share its places, however many directories it has; refused when very
    /// many of them wait.</summary>
    /// <param name="names">What is more general first, so that nobody waits in a circle: more are taken by the deed itself.</param>
    public Task<Outcome<ScimReply>> OfProvider(ProvisioningGrant by, IReadOnlyCollection<string> names,
        Func<ProvisioningLease, Task<Outcome<ScimReply>>> deed, CancellationToken ct) =>
        OfProvider(by, names, Looked.Nothing, (lease, _) => deed(lease), ct);

    /// <param name="look">What the deed has to know first.</param>
    public Task<Outcome<ScimReply>> OfProvider<T>(ProvisioningGrant by, IReadOnlyCollection<string> names, Looked<T> look,
        Func<ProvisioningLease, T, Task<Outcome<ScimReply>>> deed, CancellationToken ct) => InPlaceOfProvider<ScimReply>(by, async () =>
    {
        using var waits = Waiting(ct);
        try { return await Leased(names, look, deed, waits.Token); }
        catch (LeaseLostException) { return Overtaken; }
    }, ct);

    CancellationTokenSource Waiting(CancellationToken ct) =>
        CancellationTokenSource.CreateLinkedTokenSource(ct, admissions.Now?.WhenGivenUp() ?? default);

    /// <summary>The same for a deed with locks of its own.</summary>
    public async Task<Outcome<T>> InPlaceOfProvider<T>(ProvisioningGrant by, Func<Task<Outcome<T>>> deed, CancellationToken ct)
        where T : notnull
    {
        using var waits = Waiting(ct);
        using var place = await _places.Enter((by.Organization, true), MostWaiting, waits.Token);
        return place is null ? Full : await deed();
    }

    /// <summary>What an organization's admins ask, and what is done for it in the background:
    /// apart from its providers, whose crowd holds neither up.</summary>
    /// <param name="whose">The default for what concerns many organizations.</param>
    public async Task<T> Alone<T>(OrganizationId whose, IReadOnlyCollection<string> names, Func<ProvisioningLease, Task<T>> deed,
        CancellationToken ct)
    {
        using var place = await _places.Enter((whose, false), int.MaxValue, ct);
        return await Leased(names, Looked.Nothing, (lease, _) => deed(lease), ct);
    }

    async Task<T> Leased<T, TSeen>(IReadOnlyCollection<string> names, Looked<TSeen> look, Func<ProvisioningLease, TSeen, Task<T>> deed,
        CancellationToken ct)
    {
        await using var lease = new ProvisioningLease(database);
        var seen = await lease.Take(names, look, ct);
        ct.ThrowIfCancellationRequested();
        return await deed(lease, seen);
    }
}
