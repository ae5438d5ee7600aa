namespace DirectoryPlatform.Accounts;

/// <summary>Fixes the accounts to act on (SPEC A10, M11): what the admin looks at is what is done, whoever else changes accounts
/// meanwhile.</summary>
/// <param name="Action">Name of a <see cref="BulkAccountAction"/>.</param>
/// <param name="Accounts">The rows that were checked; ids that this organization does not manage are counted and left out.
/// Null for all that match.</param>
/// <param name="Filter">For all that match; null when rows were checked, and for everybody.</param>
public sealed record PrepareBulk(OrganizationId Organization, string Action, IReadOnlyList<AccountId>? Accounts,
    ManagedAccountFilter? Filter, Origin Origin) : IRequest<Outcome<BulkDraftId>>
{
    /// <summary>What the accounts are moved to, such as a policy's id; null where nothing is chosen. Refused with <see cref="NotFound"/>
    /// when it is not this organization's.</summary>
    public string? Target { get; init; }

    /// <summary>Of all that match, only those whom no obstacle of the action keeps out: where nobody looks at who is left out, as a
    /// program does not, the list need not hold everyone.</summary>
    public bool OnlyPossible { get; init; }
}

/// <summary>The same by files and pasted text: at most 10,000 rows and 5 MB each (SPEC C6, M11).</summary>
/// <param name="Domain">Only accounts on this domain; null for all managed ones.</param>
public sealed record PrepareBulkByList(OrganizationId Organization, string Action, AddressInput List, Origin Origin,
    DomainId? Domain = null)
    : IRequest<Outcome<BulkDraftId>>
{
    /// <summary>As of <see cref="PrepareBulk"/>.</summary>
    public string? Target { get; init; }
}

/// <summary>Step 1 of claiming (SPEC C1), or of unclaiming accounts of a domain (D12).</summary>
/// <param name="List">Null for all accounts on the domain.</param>
public sealed record BeginClaim(OrganizationId Organization, DomainId Domain, AddressInput? List, Origin Origin, bool Unclaim = false)
    : IRequest<Outcome<BulkDraftId>>;

/// <summary>What a claim is about. Refuses another organization's, and every other draft.</summary>
public sealed record ReadClaim(OrganizationId Organization, BulkDraftId Draft) : IRequest<Outcome<ClaimView>>;

/// <param name="FromList">False for all accounts on the domain.</param>
/// <param name="Automatic">What was chosen; the domain's setting as long as nothing was.</param>
public sealed record ClaimView(DomainId Domain, string DomainName, bool FromList, bool Automatic);

/// <summary>Step 3: whether accounts that appear later on the domain are claimed in the same moment (C4).</summary>
public sealed record ChooseNewAccounts(OrganizationId Organization, BulkDraftId Draft, bool Automatic) : IRequest<Outcome<Done>>;
