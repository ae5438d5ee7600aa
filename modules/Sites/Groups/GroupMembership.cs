using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Sites.Storage;
using MediatR;

namespace DirectoryPlatform.Sites.Groups;

sealed class GroupMembership(SiteTurns turns, IMediator mediator)
    : IRequestHandler<AddToGroup, Outcome<Done>>, IRequestHandler<AddToGroupByEmail, Outcome<Done>>,
    IRequestHandler<RemoveFromGroup, Outcome<Done>>
{
    /// <summary>Somebody who has an account, and is no user here, is answered as somebody who has none.</summary>
    public async Task<Outcome<Done>> Handle(AddToGroupByEmail command, CancellationToken ct)
    {
        var email = EmailAddress.Parse(command.Email);
        if (!email.Granted) return email.Refusal;
        return await mediator.Send(new FindAccount(email.Value), ct) is { } account
            ? await mediator.Send(new AddToGroup(command.Organization, command.Group, account.Id, command.Origin), ct)
            : new NotAUserHere();
    }

    public Task<Outcome<Done>> Handle(AddToGroup command, CancellationToken ct) => turns.Do<Done>(command.Origin, async turn =>
    {
        if (await GroupService.Lock(turn, command.Organization, command.Group) is not { } name) return new NotFound("group");
        if (await GroupProvisioning.Owned(turn, command.Group) is { } owned) return owned;
        var values = new
        {
            group = command.Group.Value,
            account = command.Account.Value,
            organization = command.Organization.Value,
            now = turn.Now.UtcDateTime
        };
        // Locked, so that nobody is removed from the last site and put into a group at once.
        if ((await turn.Rows<Guid>(
            "select m.site_id from sites.site_member m join sites.site s on s.id = m.site_id where m.account_id = @account "
            + "and s.organization_id = @organization for share of m", values)).Count == 0)
            return new NotAUserHere();
        if (await turn.Write(
            "insert into sites.group_member (group_id, account_id, added_at) values (@group, @account, @now) on conflict do nothing",
            values) == 0) return new InGroupAlready();
        turn.Audit(command.Organization, command.Account.Value, "AddedToGroup", after: new { group = name });
        return Done.It;
    }, ct);

    public Task<Outcome<Done>> Handle(RemoveFromGroup command, CancellationToken ct) => turns.Do<Done>(command.Origin, async turn =>
    {
        if (await GroupService.Lock(turn, command.Organization, command.Group) is not { } name) return new NotFound("group");
        if (await GroupProvisioning.Owned(turn, command.Group) is { } owned) return owned;
        if (await turn.Write("delete from sites.group_member where group_id = @group and account_id = @account",
            new { group = command.Group.Value, account = command.Account.Value }) == 0) return new NotInGroup();
        turn.Audit(command.Organization, command.Account.Value, "RemovedFromGroup", before: new { group = name });
        return Done.It;
    }, ct);
}
