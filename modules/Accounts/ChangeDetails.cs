using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>
/// Sets several details of a managed account at once (SPEC M3), for programs: all are looked at before any is written, and values that
/// stand there already are passed over. Each that changes has its own audit entry, as if it had been changed on the page. Refused with
/// <see cref="NotFound"/>, or <see cref="DetailsRefused"/> for what cannot be taken.
/// </summary>
/// <param name="Details">Null or "" takes a detail away.</param>
public sealed record ChangeDetails(AccountId Account, OrganizationId Organization, IReadOnlyDictionary<AccountDetail, string?> Details,
    Origin Origin) : IRequest<Outcome<ProfileView>>;

/// <param name="Each">Why, in the order of the details.</param>
public sealed record DetailsRefused(IReadOnlyList<RefusedDetail> Each)
    : Refusal("detailsRefused", string.Join(' ', Each.Select(e => e.Why.Sentence).Distinct()));

/// <param name="TooLong">Whether it is the length alone.</param>
public sealed record RefusedDetail(AccountDetail Detail, Refusal Why, bool TooLong);
