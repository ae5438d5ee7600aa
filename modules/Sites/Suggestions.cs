namespace DirectoryPlatform.Sites;

/// <summary>
/// Proposes details to an external user of the organization's sites (SPEC U7): a mail tells the person, and nothing changes before the
/// person, signed in, accepts. A newer proposal of the same organization replaces the one that waits. Refused with
/// <see cref="InvalidValue"/>, <see cref="NothingSuggested"/> or <see cref="UpdateInstead"/>.
/// </summary>
/// <param name="Details">Those that are proposed; blank ones are left out.</param>
public sealed record SuggestDetails(OrganizationId Organization, AccountId Account, IReadOnlyDictionary<AccountDetail, string?> Details,
    Origin Origin) : IRequest<Outcome<Done>>
{
    /// <summary>Another email address; null or blank for none. Whoever accepts is led to change it, and confirms it (SPEC A15).</summary>
    public string? Email { get; init; }

    /// <summary>What an admin can know of somebody external; the rest is the person's own.</summary>
    public static readonly IReadOnlyList<AccountDetail> Offered = [AccountDetail.Name, AccountDetail.JobTitle, AccountDetail.Department,
        AccountDetail.Location];
}

public sealed record NothingSuggested() : Refusal("nothingSuggested", "Enter at least one change.");

public sealed record UpdateInstead() : Refusal("updateInstead", "Your organization manages this account. Update its details instead.");

/// <summary>What waits for the person's answer, newest first.</summary>
public sealed record ReadSuggestions(AccountId Account) : IRequest<IReadOnlyList<SuggestionView>>;

public sealed record SuggestionView(Guid Id, string Organization, DateTimeOffset MadeAt,
    IReadOnlyDictionary<AccountDetail, string> Details, string? Email);

/// <summary>The person's own answer (SPEC U7). Accepting changes the details as if the person had typed them, all but the address, which is
/// changed by a request of its own; a detail or an address that cannot be changed leaves the suggestion waiting, and its refusal says
/// why.</summary>
public sealed record AnswerSuggestion(AccountId Account, Guid Suggestion, bool Accept, Origin Origin) : IRequest<Outcome<Done>>;
