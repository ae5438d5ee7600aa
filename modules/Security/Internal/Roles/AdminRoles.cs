namespace DirectoryPlatform.Security.Internal.Roles;

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
