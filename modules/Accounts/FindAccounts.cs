using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>Many accounts by address at once, for rooms that act on behalf of the people; never for showing to others. Addresses without an
/// account are left out of the answer.</summary>
public sealed record FindAccounts(IReadOnlyCollection<EmailAddress> Emails) : IRequest<IReadOnlyList<AccountView>>;

/// <summary>Many accounts by id. Unknown ids are left out of the answer.</summary>
public sealed record ReadAccounts(IReadOnlyCollection<AccountId> Accounts) : IRequest<IReadOnlyList<AccountView>>;
