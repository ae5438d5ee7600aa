using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Sites.Internal.Suggestions;

sealed class SuggestionHandlers(UnitOfWork work, IMediator mediator)
    : IRequestHandler<ReadSuggestions, IReadOnlyList<SuggestionView>>, IRequestHandler<AnswerSuggestion, Outcome<Done>>
{
    public async Task<IReadOnlyList<SuggestionView>> Handle(ReadSuggestions query, CancellationToken ct)
    {
        return await work.Look<IReadOnlyList<SuggestionView>>(new(null, "read"), async change =>
            [.. (await change.Rows<(Guid Id, string Organization, DateTime At, string Details)>("""
                select s.id, o.name, s.made_at, s.details::text from sites.suggestion s
                  join sites.organization o on o.id = s.organization_id
                where s.account_id = @account and s.answered_at is null order by s.made_at desc, s.id
                """, new { account = query.Account.Value }))
                .Select(s =>
                    new SuggestionView(s.Id, s.Organization, s.At, KernelJson.Read<Dictionary<AccountDetail, string>>(s.Details)))], ct);
    }

    public async Task<Outcome<Done>> Handle(AnswerSuggestion command, CancellationToken ct)
    {
        if ((await Handle(new ReadSuggestions(command.Account), ct)).FirstOrDefault(s => s.Id == command.Suggestion) is not { } suggestion)
            return new NotFound("suggestion");
        if (command.Accept)
        {
            var profile = await mediator.Send(new ReadProfile(command.Account, null, command.Account), ct);
            if (!profile.Granted) return profile.Refusal;
            foreach (var (detail, value) in suggestion.Details)
                if (await mediator.Send(new ChangeDetail(command.Account, null, detail, profile.Value[detail].Value, value, command.Origin),
                    ct) is { Granted: false, Refusal: not DetailUnchanged } refused) return refused.Refusal;
        }
        return await work.Run<Done>(command.Origin, async change =>
        {
            if (await change.Value<Guid?>(
                "update sites.suggestion set answered_at = @now, accepted = @accept, details = null where id = @id and account_id = "
                + "@account and answered_at is null returning organization_id",
                new { id = command.Suggestion, account = command.Account.Value, accept = command.Accept, now = change.Now.UtcDateTime })
                    is not { } organization) return new NotFound("suggestion");
            change.WriteAudit(new(organization), command.Account.Value,
                command.Accept ? SiteActions.SuggestionAccepted : SiteActions.SuggestionDeclined);
            return Done.It;
        }, ct);
    }
}
