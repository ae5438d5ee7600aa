using DirectoryPlatform.Sites;
using MediatR;

namespace DirectoryPlatform.Reporting;

/// <summary>The counters above the list; exact to within five seconds.</summary>
public sealed record CountUsers(UserScope Scope) : IRequest<UserCounts>;

/// <param name="Active">Without the dormant ones.</param>
/// <param name="Dormant">On the site, with an account that is deactivated, being deleted or not verified:
/// it opens nothing (SPEC A17).</param>
public sealed record UserCounts(long Total, long Active, long Invited, long Suspended, long Dormant = 0);
