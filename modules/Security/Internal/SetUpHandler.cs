namespace DirectoryPlatform.Security.Internal;

/// <summary>The first visit (SPEC R4) touches organizations, accounts and passwords.</summary>
sealed class SetUpHandler(IMediator mediator, ILimiter limiter, SetupCodes codes)
    : IRequestHandler<IsSetupNeeded, bool>, IRequestHandler<SetUp, Outcome<Done>>
{
    public async Task<bool> Handle(IsSetupNeeded query, CancellationToken ct) => !await mediator.Send(new IsThereAnyOrganization(), ct);

    public async Task<Outcome<Done>> Handle(SetUp command, CancellationToken ct)
    {
        if (await mediator.Send(new IsThereAnyOrganization(), ct)) return new SetupDone();
        // One target for all: there is one code to guess.
        if (await limiter.Enter(Doors.SetupCode, command.Origin, "setup", ct) is { } closed) return closed;
        var email = EmailAddress.Parse(command.Email);
        if (!email.Granted) return email.Refusal;
        var named = PlainText.ReadName(command.Name);
        if (!named.Granted) return named.Refusal;
        var name = named.Value;
        if ((await mediator.Send(new MeasurePassword(command.Password, null, email.Value.Value, name, command.OrganizationName),
            ct)).Refusal is { } weak) return weak;
        if (PlainText.ReadName(command.OrganizationName, "organizationName").Refusal is { } unnamed) return unnamed;
        if (!await codes.Use(command.Code, ct)) return new SetupCodeWrong();
        var (account, organization) = (new AccountId(Guid.CreateVersion7()), new OrganizationId(Guid.CreateVersion7()));
        var origin = command.Origin with { Actor = account.Value };
        // Whoever reads the console of the machine needs no proof of the mailbox.
        var signedUp = await mediator.Send(new SignUpAccount(account, email.Value, name, true, null, origin), ct);
        if (!signedUp.Granted) return signedUp.Refusal;
        var given = await mediator.Send(new GivePassword([account], command.Password!), ct);
        if (!given.Granted) return given.Refusal;
        var created = await mediator.Send(new CreateOrganization(organization, null, command.OrganizationName, origin), ct);
        if (!created.Granted) return created.Refusal;
        return (await mediator.Send(new AppointOrganizationAdmin(account, organization, origin), ct)).Map(_ => Done.It);
    }
}
