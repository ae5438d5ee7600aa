using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// Whoever reads the mails of an address that the account has left takes it back within seven days (SPEC A15): once, without a session,
/// because somebody else has all of them. The address comes back, and everything ends that was begun since the change was asked for: see
/// <see cref="BegunSince"/>. Refused with <see cref="LinkVoid"/>.
/// </summary>
public sealed record TakeAddressBack([property: Secret] string? Token, Origin Origin) : IRequest<Outcome<EmailAddress>>;
