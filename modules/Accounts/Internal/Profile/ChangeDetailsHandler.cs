namespace DirectoryPlatform.Accounts.Internal.Profile;

sealed class ChangeDetailsHandler(IMediator mediator, IGrains<Account, AccountFact> grains)
    : IRequestHandler<ChangeDetails, Outcome<ProfileView>>
{
    /// <summary>Whoever edits the same field at the same moment is overtaken at most so often:
    /// a program sends what it wants, not what it saw.</summary>
    const int Tries = 5;

    public async Task<Outcome<ProfileView>> Handle(ChangeDetails command, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            var profile =
                await mediator.Send(new ReadProfile(command.Account, command.Organization, new(command.Origin.Actor ?? Guid.Empty)), ct);
            if (!profile.Granted) return profile.Refusal;
            var view = profile.Value;
            var wanted = command.Details.OrderBy(d => d.Key).ToList();
            var refused = wanted.Select(d => Refused(view[d.Key], d.Value)).OfType<RefusedDetail>().ToList();
            if (refused.Count > 0) return new DetailsRefused(refused);
            var changes = wanted.Where(d => DetailRules.Read(d.Key, d.Value).Value != view[d.Key].Value).ToList();
            if (changes.Count == 0) return view;
            var done = await grains
                .TurnMany([.. changes.Select(d => new ChangeDetail(command.Account, command.Organization, d.Key, view[d.Key].Value, d.Value,
                    command.Origin))], ct);
            var why = done.Select(d => d.Refusal).FirstOrDefault(r => r is not null and not DetailUnchanged);
            if (why is NotManagedHere) return new NotFound("account");
            if (why is not null and not DetailStale || tries == Tries) return why ?? new ChangedMeanwhile();
        }
    }

    static RefusedDetail? Refused(OfferedDetail offered, string? typed) =>
        offered.Refusal is { } closed ? new(offered.Detail, closed, false)
        : DetailRules.Read(offered.Detail, typed).Refusal is { } invalid
        ? new(offered.Detail, invalid, PlainText.Length(PlainText.Normalise(typed)) > offered.MaxLength)
        : null;
}
