using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>Within the 14 days the person comes back: the deletion is cancelled,
/// and the sign-in goes on to its session (SPEC A12).</summary>
/// <param name="Ticket">From <see cref="OwnDeletionAtSignIn"/>: given out for the right password only, and after the code where two-step
/// verification is on; good for ten minutes, for this one deletion, and until the password is changed or reset.</param>
public sealed record CancelOwnDeletion(string? Ticket, string Device, Origin Origin) : IRequest<Outcome<SignedIn>>;
