namespace DirectoryPlatform.Web.Pages.Directory.Domains;

/// <summary>One domain: what to publish, and what the last look saw (SPEC D1, D4, D7, D8).</summary>
[Requires(Permission.ManageDomains)]
public sealed class DomainModel(IMediator mediator, TimeProvider clock) : OrganizationPage(mediator)
{
    const int JobsLookedAt = 20;

    /// <summary>Somebody who has started it comes back to see what became of it (own choice).</summary>
    static readonly TimeSpan JobsShown = TimeSpan.FromHours(1);

    [FromRoute] public Guid DomainId { get; set; }

    public DomainView View { get; private set; } = null!;
    public ProofMethod Method { get; private set; }

    /// <summary>What is at stake while the token is missing.</summary>
    public long Claimed { get; private set; }

    /// <summary>What goes on or has just ended on this domain, newest first.</summary>
    public IReadOnlyList<JobView> Jobs { get; private set; } = [];

    public async Task<IActionResult> OnGet(string? method)
    {
        var outcome = await Send(new ReadDomain(Organization, new DomainId(DomainId)));
        if (!outcome.Granted) return ShowError(outcome.Refusal);
        (View, Method) = (outcome.Value, Read(method) ?? outcome.Value.LastCheck?.Method ?? ProofMethod.Dns);
        if (View.Deadline is not null)
            Claimed = (await Send(new CountAccountsOnDomains(Organization, [View.Name]))).GetValueOrDefault(View.Name)?.ClaimedHere ?? 0;
        var since = clock.GetUtcNow() - JobsShown;
        Jobs = [.. (await Send(new ListJobs(OrgId, Size: JobsLookedAt))).Value.Rows
            .Where(j => j.IsOn(View) && (j.EndedAt is null || j.EndedAt > since))];
        return Page();
    }

    /// <summary>From the list no method is named: the one that was used last, then, or DNS.</summary>
    public async Task<IActionResult> OnPostVerify(string? method)
    {
        var before = await Send(new ReadDomain(Organization, new DomainId(DomainId)));
        if (!before.Granted) return ShowError(before.Refusal);
        var used = Read(method) ?? before.Value.LastCheck?.Method ?? ProofMethod.Dns;
        var path = $"{Home}/domains/{DomainId}?method={(used is ProofMethod.Https ? "https" : "dns")}";
        var outcome = await Execute(new VerifyDomain(Organization, new DomainId(DomainId), used, Origin));
        return outcome switch
        {
            { Granted: false, Refusal: var refusal } => RedirectWithError(refusal!, path),
            // Before the state: what was proved before stays so while nobody answers, and this check has shown nothing (SPEC D7).
            { Value.LastCheck: { Proved: false } seen } => RedirectWithError(new NotProved(seen.SaysMissing), path),
            { Value: { State: DomainState.Verified } domain } =>
                RedirectWithNotice($"{domain.Display} is verified.", path, ("Claim accounts", $"{Home}/domains/{DomainId}/claim")),
            { Value.ProvedWhileOwnedElsewhere: true } =>
                RedirectWithNotice("The token was found, but another organization has verified this domain. Nothing has changed.", path),
            _ => RedirectWithError(new NotProved(SaysMissing: true), path),
        };
    }

    static ProofMethod? Read(string? method) => method switch { "dns" => ProofMethod.Dns, "https" => ProofMethod.Https, _ => null };

    sealed record NotProved(bool SaysMissing) : Kernel.Outcomes.Refusal("notProved",
        $"{(SaysMissing ? "The token was not found" : "The check got no clear answer")}. “Last check” says what was seen.");
}
