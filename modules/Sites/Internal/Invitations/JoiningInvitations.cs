using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Sites.Internal.Invitations;

sealed class JoiningInvitations(UnitOfWork work)
    : IRequestHandler<TakeInvitation, Outcome<InvitationTurn>>, IRequestHandler<GiveInvitationBack, Outcome<Done>>
{
    public Task<Outcome<InvitationTurn>> Handle(TakeInvitation command, CancellationToken ct) =>
        work.Run<InvitationTurn>(command.Origin, async change =>
    {
        // The row's lock makes many followers of one link come one after another.
        var hash = InvitationToken.HashOf(command.Token ?? "");
        var now = change.Now.UtcDateTime;
        if (await change.Rows<(Guid Id, DateTime? Until)>("""
            select id, joining_until from sites.invitation where token_hash = @hash and expires_at > @now and accepted_at is null
              and revoked_at is null for update
            """, new { hash, now }) is not [var (id, until)]) return new InvitationVoid();
        if (until > now) return new InvitationInUse();
        var taken = new InvitationTurn(Guid.CreateVersion7(change.Now));
        await change.Write(
            "update sites.invitation set joining_as = @account, joining_turn = @taken, joining_until = @until where id = @id",
            new { id, account = command.Account.Value, taken = taken.Value, until = now + TakeInvitation.Life });
        await change.Run([command.Along], ct);
        change.Quiet("whoever joins by it has the entry");
        return taken;
    }, ct);

    public Task<Outcome<Done>> Handle(GiveInvitationBack command, CancellationToken ct) => work.Run<Done>(new(null, "link"), async change =>
    {
        await change.Write(
            "update sites.invitation set joining_turn = null, joining_until = null where token_hash = @hash and joining_turn = @turn",
            new { hash = InvitationToken.HashOf(command.Token ?? ""), turn = command.Turn.Value });
        change.Quiet("as if it had never been taken");
        return Done.It;
    }, ct);
}
