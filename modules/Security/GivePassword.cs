using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// Gives new accounts their first password: sign-up, setup, and the made-up people of the demo and of <c>seed</c>, who share one hash. Only
/// the length is checked here: whoever lets a person choose asks <see cref="MeasurePassword"/> first.
/// </summary>
public sealed record GivePassword(IReadOnlyCollection<AccountId> Accounts, string Password) : IRequest<Outcome<Done>>;
