namespace DirectoryPlatform.Sites;

/// <summary>
/// Invites addresses to a site (SPEC U3): one outcome an address, in the order given, each once. Whoever has an active account is in at
/// once; everybody else gets a link. Nobody's account becomes the organization's by it.
/// </summary>
/// <param name="Addresses">One each; see <see cref="AddressList.Entries"/> for what somebody typed.</param>
/// <param name="Note">At most <see cref="MaxNote"/> characters.</param>
public sealed record InviteUsers(SiteId Site, IReadOnlyList<string> Addresses, IReadOnlyDictionary<string, AppRole> Roles,
    IReadOnlyList<GroupId> Groups, string? Note, Origin Origin)
    : IRequest<Outcome<Invited>>
{
    /// <summary>As many as a form should be asked to answer at once (own choice); SPEC U3's 10,000 come by file.</summary>
    public const int MostTyped = 10_000;

    /// <summary>Some lines (own choice).</summary>
    public const int MaxNote = 1_000;

    /// <summary>Nobody is mailed: who has an account is in, and everybody else waits until the link is sent again.</summary>
    public bool Silent { get; init; }

    /// <summary>SPEC U3.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);
}

/// <param name="Each">In the order given.</param>
public sealed record Invited(IReadOnlyList<InvitedAddress> Each);

/// <param name="Address">As typed when it is none.</param>
public sealed record InvitedAddress(string Address, Outcome<InvitedHow> Outcome);

public enum InvitedHow { MailSent, InAtOnce }

/// <summary>A new link in place of the last one, good for 7 days; at most one a minute.</summary>
public sealed record ResendInvitation(SiteId Site, InvitationId Invitation, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>Takes a waiting invitation back: its link is void.</summary>
public sealed record RevokeInvitation(SiteId Site, InvitationId Invitation, Origin Origin) : IRequest<Outcome<Done>>;

/// <summary>What a link is about, for whoever has it. Refuses with <see cref="InvitationAccepted"/>, as long as the link would have been
/// good, or <see cref="InvitationVoid"/>.</summary>
/// <param name="By">Who is signed in; null for nobody. Whoever is not on the site is not told that somebody joined it.</param>
public sealed record ReadInvitation(string? Token, AccountId? By = null) : IRequest<Outcome<InvitationView>>;

/// <param name="State">Of the account that has the address; null when there is none.</param>
/// <param name="JoiningAs">The account that somebody began to make by this link and perhaps never finished; null for none.</param>
public sealed record InvitationView(InvitationId Id, string Site, string Organization, string Email, string? Note, DateTimeOffset ExpiresAt,
    AccountId? Account, AccountState? State, AccountId? JoiningAs = null);

/// <summary>
/// The person comes in, once (SPEC U3). The account must be active, which its address being verified is part of, and must have the invited
/// address now. Refuses with
/// <see cref="InvitationVoid"/>, <see cref="InvitationForAnother"/> or <see cref="InvitedCannotAct"/>.
/// </summary>
/// <param name="Turn">Of whoever makes the account by the link, see <see cref="TakeInvitation"/>: another's turn by now makes the link
/// void. Null for somebody signed in.</param>
public sealed record AcceptInvitation(string? Token, AccountId Account, Origin Origin, InvitationTurn? Turn = null)
    : IRequest<Outcome<SiteId>>;

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
    : Refusal("invitationInUse", "Someone is using this invitation right now. Follow the link again in a minute.");
