using DirectoryPlatform.Sites;
using MediatR;

namespace DirectoryPlatform.Reporting;

/// <summary>An invitation that waits, as the site's admins see it; refuses with <see cref="NotFound"/> when it is used,
/// taken back or another site's.</summary>
public sealed record ReadWaitingInvitation(SiteId Site, InvitationId Invitation) : IRequest<Outcome<WaitingInvitation>>;

/// <param name="Roles">By name of the app.</param>
public sealed record WaitingInvitation(
    string Email, string Site, string? By, DateTimeOffset InvitedAt, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, bool Expired,
    string? Note, IReadOnlyDictionary<string, AppRole> Roles, IReadOnlyList<string> Groups);
