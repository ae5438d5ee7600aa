using MediatR;

namespace DirectoryPlatform.Accounts.Internal.Profile;

sealed class GiveEmailHandler(IMediator mediator) : IRequestHandler<GiveEmail, Outcome<Done>>
{
    /// <summary>Whoever changes the same address at the same moment is overtaken at most so often.</summary>
    const int Tries = 5;

    public async Task<Outcome<Done>> Handle(GiveEmail command, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            var profile =
                await mediator.Send(new ReadProfile(command.Account, command.Organization, new(command.Origin.Actor ?? Guid.Empty)), ct);
            if (!profile.Granted) return profile.Refusal;
            var changed = await mediator
                .Send(new ChangeEmail(command.Account, command.Organization, profile.Value.Email, command.Email, command.Origin), ct);
            if (changed.Refusal is not EmailStale || tries == Tries) return changed;
        }
    }
}
