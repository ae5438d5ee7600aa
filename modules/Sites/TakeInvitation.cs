using DirectoryPlatform.Accounts;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Sites;

/// <summary>
/// Takes the invitation for one of many who follow its link at once, before an account or a password is made by it: whoever does not get it
/// has written nothing. The statement of the room that keeps passwords runs in the same transaction. It holds for <see cref="Life"/>, so
/// that a process that is killed in between locks nobody out. Refuses with <see cref="InvitationVoid"/> or
/// <see cref="InvitationInUse"/>.
/// </summary>
/// <param name="Account">That joins, or that will be made.</param>
/// <param name="Along">Written only with the invitation taken.</param>
public sealed record TakeInvitation(string? Token, AccountId Account, NpgsqlBatchCommand Along, Origin Origin)
    : IRequest<Outcome<InvitationTurn>>
{
    /// <summary>Much longer than making an account takes, and short enough to be waited for (own choice).</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(1);
}

/// <summary>Whose turn it is; a later one ends it.</summary>
public readonly record struct InvitationTurn(Guid Value);

/// <summary>Gives the invitation back when no account could be made: the next follower need not wait.</summary>
public sealed record GiveInvitationBack(string? Token, InvitationTurn Turn) : IRequest<Outcome<Done>>;

public sealed record InvitationInUse()
    : Refusal("invitationInUse", "Somebody is just joining by this invitation. Follow the link again in a minute.");
