using MediatR;
using Npgsql;

namespace DirectoryPlatform.Accounts;

/// <summary>Follows the link of a verification mail (SPEC A2): 24 hours, once, for the address it was sent to.</summary>
/// <param name="Along">Written in the transaction that uses the link up, and only then: the password that was set behind it.</param>
/// <param name="ClaimFor">The organization that claims this domain automatically (SPEC C4); null for none.</param>
public sealed record FollowVerificationLink(string? Token, NpgsqlBatchCommand Along, OrganizationId? ClaimFor, Origin Origin)
    : IRequest<Outcome<AccountId>>;

/// <summary>The account behind a link that is still good and waits to be verified; changes nothing.</summary>
public sealed record ReadVerificationLink(string? Token) : IRequest<Outcome<AccountView>>;

/// <summary>Sends the verification mail again: at most one a minute and ten a day (SPEC A2).</summary>
/// <param name="Organization">Null when the person asks for the own account; otherwise the managing organization.</param>
public sealed record SendVerificationMail(AccountId Account, OrganizationId? Organization, Origin Origin) : IRequest<Outcome<Done>>;
