using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Sites;
using MediatR;

namespace DirectoryPlatform.Reporting;

/// <summary>Whose users: those of one site, or of all sites of the organization (SPEC U1).</summary>
public sealed record UserScope(OrganizationId Organization, SiteId? Site = null)
{
    internal Guid Id => Site?.Value ?? Organization.Value;
}

/// <summary>Managed here or not; or managed here and on no site, who are no users yet.</summary>
public enum UserType { Managed, External, NeverInvited }

/// <param name="App">An app's id: who has a role in it, directly or by a group.</param>
public sealed record UserFilter(string? Search = null, UserStatus? Status = null, UserType? Type = null, LastActive? LastActive = null,
    string? App = null, GroupId? Group = null)
{
    public static readonly UserFilter Everybody = new();

    /// <summary>Whose membership is kept while the account cannot act (SPEC A17): only those, or all but them;
    /// null for no such limit.</summary>
    public bool? Dormant { get; init; }

    /// <summary>Of the email address, in A-label form; null for no such limit.</summary>
    public string? Domain { get; init; }

    /// <summary>Only these people; null for no such limit.</summary>
    public IReadOnlyList<AccountId>? Only { get; init; }

    internal string? SearchText => SearchKey.Typed(Search);
}

/// <summary>One page of a Users list (SPEC U2). Refused with <see cref="BrokenCursor"/>.</summary>
/// <param name="Cursor">As given by an earlier page.</param>
/// <param name="Size">1 to 1,000; anything else is clamped.</param>
public sealed record ListUsers(UserScope Scope, UserFilter? Filter = null, ListSort Sort = ListSort.Name, bool Descending = false,
    string? Cursor = null, int Size = 50) : IRequest<Outcome<ListPage<UserRow>>>;

/// <param name="Id">Of the account, or of the invitation that waits.</param>
/// <param name="Account">Null for an invitation.</param>
/// <param name="Status">Null for who was never invited.</param>
/// <param name="State">Of the account; null for an invitation.</param>
/// <param name="LastActiveAt">On the site, to the hour; null for never.</param>
/// <param name="Places">What opens: apps on a site; sites in an organization.</param>
/// <param name="InvitedTo">The site of an invitation.</param>
public sealed record UserRow(
    Guid Id, AccountId? Account, string Name, string Email, UserStatus? Status, AccountState? State, bool Managed,
    DateTimeOffset? LastActiveAt, DateTimeOffset AddedAt, Guid? Picture, IReadOnlyList<string> Places, SiteId? InvitedTo);
