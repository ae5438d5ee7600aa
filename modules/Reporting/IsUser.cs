using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Reporting;

/// <summary>Whether somebody is a user of these sites: whoever sees the list may see the pictures in it.</summary>
public sealed record IsUser(UserScope Scope, AccountId Account) : IRequest<bool>;
