using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using MediatR;

namespace DirectoryPlatform.Accounts.Claiming;

/// <summary>Steps 1 to 3 of the wizard (SPEC C1).</summary>
sealed class ClaimPreparation(IMediator mediator, ClaimDrafts drafts, ClaimNumbers numbers)
    : IRequestHandler<BeginClaim, Outcome<ClaimDraftId>>, IRequestHandler<ReviewClaim, Outcome<ClaimReview>>,
    IRequestHandler<ChooseNewAccounts, Outcome<Done>>
{
    /// <summary>SPEC C1.</summary>
    const int TypeNameAbove = 1_000;

    public async Task<Outcome<ClaimDraftId>> Handle(BeginClaim command, CancellationToken ct)
    {
        var domain = await mediator.Send(new ReadDomain(command.Organization, command.Domain), ct);
        if (!domain.Granted) return domain.Refusal;
        if (!domain.Value.IsOwned) return new DomainNotOwned();
        if (command.Csv is null) return await drafts.Insert(command.Organization, domain.Value, null, command.Unclaim, command.Origin, ct);
        var file = await AddressList.Read(AddressInput.Of(command.Csv), ct, command.Unclaim ? AddressList.MaxRows : int.MaxValue);
        if (!file.Granted) return file.Refusal;
        return await drafts.Insert(command.Organization, domain.Value, file.Value, command.Unclaim, command.Origin, ct);
    }

    public async Task<Outcome<ClaimReview>> Handle(ReviewClaim query, CancellationToken ct)
    {
        if (await drafts.Of(query.Organization, query.Draft) is not { } draft) return new NotFound("claim");
        if (draft.JobId is not null) return new DraftVoid();
        var groups = await numbers.Of(draft, ct);
        var willBe = groups.Where(g => g.Outcome.Granted).Sum(g => g.Accounts);
        var refused = groups.Where(g => !g.Outcome.Granted).GroupBy(g => g.Outcome.Refusal!)
            .Select(g => new ClaimRefusalCount(g.Key.Code, g.Key.Sentence, g.Sum(x => x.Accounts)))
            .Concat(draft.NotOnDomain > 0
                ? [new ClaimRefusalCount(new NotOnDomain().Code, new NotOnDomain().Sentence, draft.NotOnDomain)]
                : [])
            .OrderBy(r => r.Code).ToArray();
        return new ClaimReview(
            query.Draft, new(draft.DomainId), draft.Domain, draft.FromFile, draft.Unclaim, draft.Automatic, willBe, refused,
            draft.BadLineCount,
            KernelJson.Read<BadLine[]>(draft.BadLines), willBe > TypeNameAbove);
    }

    public async Task<Outcome<Done>> Handle(ChooseNewAccounts command, CancellationToken ct)
    {
        if (await drafts.Of(command.Organization, command.Draft) is not { } draft) return new NotFound("claim");
        if (draft.JobId is not null) return new DraftVoid();
        await drafts.Set(command.Draft, command.Automatic);
        return Done.It;
    }
}

/// <summary>Step 4: the setting, then the job. The draft's id is the job's id, so that a second click finds the job of the first.</summary>
sealed class ClaimConfirmation(IMediator mediator, ClaimDrafts drafts, ClaimRanges ranges, JobStore jobs, JobScheduling scheduling)
    : IRequestHandler<ConfirmClaim, Outcome<JobId>>
{
    public async Task<Outcome<JobId>> Handle(ConfirmClaim command, CancellationToken ct)
    {
        if (await drafts.Of(command.Organization, command.Draft) is not { } draft) return new NotFound("claim");
        var id = new JobId(draft.Id);
        if (draft.JobId is not null) return id;
        var review = await mediator.Send(new ReviewClaim(command.Organization, command.Draft), ct);
        // Another click was faster: its job is this one's.
        if (review.Refusal is DraftVoid) return id;
        if (!review.Granted) return review.Refusal;
        if (review.Value.MustTypeName && !string.Equals(command.TypedName?.Trim(), draft.Domain, StringComparison.OrdinalIgnoreCase))
            return new TypedNameWrong();
        if (!draft.Unclaim && await ChooseNewAccounts(command, draft, ct) is { } refusal) return refusal;
        var (total, cut) = await ranges.Of(AccountSource.Of(draft.Domain, draft.FromFile ? command.Draft : null), ct);
        await jobs.Insert(new NewJob(
            id, draft.Unclaim ? UnclaimJob.JobKind : ClaimJob.JobKind, command.Organization.Value,
            $"{(draft.Unclaim ? "Unclaim" : "Claim")} accounts on {draft.Domain}",
            KernelJson.Write(new ClaimArguments(draft.Domain, draft.FromFile ? command.Draft : null, Chosen: draft.Unclaim,
                command.Notify)),
            command.Origin, total, cut), ct);
        await drafts.Started(command.Draft, id);
        await scheduling.TryStart(id, ct);
        return id;
    }

    async Task<Refusal?> ChooseNewAccounts(ConfirmClaim command, ClaimDraft draft, CancellationToken ct)
    {
        var chosen =
            await mediator.Send(new ChooseDomainClaiming(new(draft.DomainId), command.Organization, draft.Automatic, command.Origin), ct);
        return chosen.Refusal is DomainNotVerified ? new DomainNotOwned() : chosen.Refusal;
    }
}
