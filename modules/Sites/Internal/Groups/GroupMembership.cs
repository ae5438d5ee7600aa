using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Sites.Internal.Groups;

sealed class GroupMembership(UnitOfWork work, IMediator mediator)
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

    public Task<Outcome<Done>> Handle(AddToGroup command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        if (await GroupService.Lock(change, command.Organization, command.Group) is not { } name) return new NotFound("group");
        if (await GroupProvisioning.Owned(change, command.Group) is { } owned) return owned;
        var values = new
        {
            group = command.Group.Value,
            account = command.Account.Value,
            organization = command.Organization.Value,
            now = change.Now.UtcDateTime
        };
        // Locked, so that nobody is removed from the last site and put into a group at once.
        if ((await change.Rows<Guid>(
            "select m.site_id from sites.site_member m join sites.site s on s.id = m.site_id where m.account_id = @account "
            + "and s.organization_id = @organization for share of m", values)).Count == 0)
            return new NotAUserHere();
        if (await change.Write(
            "insert into sites.group_member (group_id, account_id, added_at) values (@group, @account, @now) on conflict do nothing",
            values) == 0) return new InGroupAlready();
        change.WriteAudit(command.Organization, command.Account.Value, SiteActions.AddedToGroup, after: new { group = name });
        return Done.It;
    }, ct);

    public Task<Outcome<Done>> Handle(RemoveFromGroup command, CancellationToken ct) => work.Run<Done>(command.Origin, async change =>
    {
        if (await GroupService.Lock(change, command.Organization, command.Group) is not { } name) return new NotFound("group");
        if (await GroupProvisioning.Owned(change, command.Group) is { } owned) return owned;
        if (await change.Write("delete from sites.group_member where group_id = @group and account_id = @account",
            new { group = command.Group.Value, account = command.Account.Value }) == 0) return new NotInGroup();
        change.WriteAudit(command.Organization, command.Account.Value, SiteActions.RemovedFromGroup, before: new { group = name });
        return Done.It;
    }, ct);
}
