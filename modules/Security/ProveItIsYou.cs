using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// The person at the session shows the password again, before something that cannot be taken back. Throttled as a sign-in is, because
/// whoever has found an open browser would guess here. A second factor would be one more thing to show here,
/// and one more refusal until it is.
/// </summary>
/// <param name="Visitor">As the gate recognised it.</param>
public sealed record ProveItIsYou(Visitor Visitor, string? Password, Origin Origin) : IRequest<Outcome<Done>>;
