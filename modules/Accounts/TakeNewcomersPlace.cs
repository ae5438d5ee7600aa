using DirectoryPlatform.Domains;
using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>
/// Takes a place among those who stand in an organization's list before they have verified their address (SPEC C4): <see cref="AtMost"/>
/// for each domain and day. False when all are taken; whoever
/// gets none stands in the list from the verification on.
/// </summary>
/// <param name="Domain">A-label form.</param>
public sealed record TakeNewcomersPlace(OrganizationId Organization, string Domain) : IRequest<bool>
{
    public const int AtMost = 20;
}
