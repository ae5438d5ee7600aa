using DirectoryPlatform.Accounts;
using MediatR;

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
    /// <summary>What an admin can know of somebody external; the rest is the person's own.</summary>
    public static readonly IReadOnlyList<AccountDetail> Offered = [AccountDetail.Name, AccountDetail.JobTitle, AccountDetail.Department,
        AccountDetail.Location];
}

public sealed record NothingSuggested() : Refusal("nothingSuggested", "Enter at least one value that is to change.");

public sealed record UpdateInstead() : Refusal("updateInstead", "Your organization manages this account. Update its details instead.");
