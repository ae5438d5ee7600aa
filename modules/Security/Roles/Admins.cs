using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>
/// Makes whoever has this address an admin of the organization (SPEC S7). Any active account will do, managed or not, and there is one
/// answer for every other: whether an address has an account that is unverified, deactivated or somebody else's is nobody's business here.
/// </summary>
/// <param name="Email">As typed.</param>
public sealed record AppointAdmin(OrganizationId Organization, string? Email, Origin Origin) : IRequest<Outcome<AccountView>>;

/// <summary>Ends the role; of oneself, too. The last admin who can act stays (SPEC A8).
/// An id that is no admin's is answered as an unknown one.</summary>
public sealed record RemoveAdmin(OrganizationId Organization, AccountId Account, Origin Origin) : IRequest<Outcome<Done>>;

sealed class AdminRoles(IMediator mediator)
    : IRequestHandler<AppointAdmin, Outcome<AccountView>>, IRequestHandler<RemoveAdmin, Outcome<Done>>
{
    public async Task<Outcome<AccountView>> Handle(AppointAdmin command, CancellationToken ct)
    {
        var email = EmailAddress.Parse(command.Email);
        if (!email.Granted) return new InvalidValue("email", email.Refusal.Sentence);
        if (await mediator.Send(new FindAccount(email.Value), ct) is not { State: AccountState.Active } account)
            return new NoActiveAccount();
        var appointed = await mediator.Send(new AppointOrganizationAdmin(account.Id, command.Organization, command.Origin), ct);
        return appointed.Granted ? account : appointed.Refusal is AlreadyAdmin ? appointed.Refusal : new NoActiveAccount();
    }

    public async Task<Outcome<Done>> Handle(RemoveAdmin command, CancellationToken ct)
    {
        var removed = await mediator.Send(new DismissOrganizationAdmin(command.Account, command.Organization, command.Origin), ct);
        return removed.Granted ? Done.It : removed.Refusal is NotFound ? new NotAdmin() : removed.Refusal;
    }
}
