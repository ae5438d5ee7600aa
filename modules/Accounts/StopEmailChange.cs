using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>
/// Whoever reads the mails of the present address stops a change that waits (SPEC A15): by a link, once, without a session, because
/// somebody else may sit in it. Refused with <see cref="ChangeNotWaiting"/>, also where the change has been made: then a later mail holds
/// the link that takes the address back.
/// </summary>
public sealed record StopEmailChange([property: Secret] string? Token, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Whether such a link is still good, for the page that it leads to; changes nothing.</summary>
public sealed record ReadStoppableChange(string? Token) : IRequest<Outcome<WaitingEmail>>;

/// <summary>What waits behind the link that confirms a new address; refused with <see cref="LinkVoid"/>.</summary>
public sealed record ReadEmailChange(string? Token) : IRequest<Outcome<WaitingEmail>>;

/// <param name="Email">The address that the person wants to have.</param>
public sealed record WaitingEmail(AccountId Account, string Email);

public sealed record ChangeNotWaiting() : Refusal("changeNotWaiting",
    "There is nothing to stop: this change was stopped, was replaced by another one, has expired or was made. If it was made, a later mail "
        + "to this address holds the link that takes the address back.");
