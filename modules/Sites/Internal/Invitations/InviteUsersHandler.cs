using DirectoryPlatform.Accounts;
using DirectoryPlatform.Sites.Internal.Groups;
using DirectoryPlatform.Sites.Internal.Storage;
using MediatR;

namespace DirectoryPlatform.Sites.Internal.Invitations;

sealed class InviteUsersHandler(UnitOfWork work, InvitationService inviting) : IRequestHandler<InviteUsers, Outcome<Invited>>
{
    public async Task<Outcome<Invited>> Handle(InviteUsers command, CancellationToken ct)
    {
        if (command.Addresses.Count == 0) return new NoAddresses();
        if (command.Addresses.Count > InviteUsers.MostTyped) return new TooManyAddresses(InviteUsers.MostTyped);
        var offer = InvitationOffer.Read(command.Site, command.Roles, command.Groups, command.Note);
        if (!offer.Granted) return offer.Refusal;
        var typed = command.Addresses.Select(a => (Text: a, Email: EmailAddress.Parse(a)))
            .DistinctBy(a => a.Email.Granted ? a.Email.Value.Value : a.Text).ToList();
        var guests = await inviting.Know([.. typed.Where(t => t.Email.Granted).Select(t => t.Email.Value)], command.Origin, ct);
        return await work.Run<Invited>(command.Origin, async change =>
        {
            if (await change.OrganizationOf(command.Site) is not { } organization) return new NotFound("site");
            if (await GroupProvisioning.OwnedAmong(change, organization, offer.Value.Groups) is { } owned) return owned;
            var outcomes = await inviting.Do(change, offer.Value, organization, guests);
            if (!outcomes.Values.Any(o => o.Granted)) change.Quiet("nobody was invited");
            return new Invited(
                [.. typed.Select(t => t.Email.Granted
                    ? new InvitedAddress(t.Email.Value.Value, outcomes[t.Email.Value.Value])
                    : new InvitedAddress(t.Text, t.Email.Refusal))]);
        }, ct);
    }
}
