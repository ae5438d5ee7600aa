using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Reporting;

/// <summary>The App access table of a managed account (SPEC M2): every site and app of this organization,
/// and of others only whether there is any.</summary>
public sealed record ReadAppAccess(OrganizationId Organization, AccountId Account) : IRequest<AppAccess>;

/// <param name="Here">This organization's sites that the person is on.</param>
/// <param name="Elsewhere">Whether the person is on a site of another organization; which one is that organization's business.</param>
public sealed record AppAccess(IReadOnlyList<UserSite> Here, bool Elsewhere);
