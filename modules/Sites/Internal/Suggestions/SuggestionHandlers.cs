namespace DirectoryPlatform.Sites.Internal.Suggestions;

/// <summary>Details that an organization proposes to somebody external (SPEC U7).</summary>
sealed class SuggestionHandlers(UnitOfWork work, IMediator mediator, ProductUrl address)
    : IRequestHandler<SuggestDetails, Outcome<Done>>, IRequestHandler<ReadSuggestions, IReadOnlyList<SuggestionView>>,
    IRequestHandler<AnswerSuggestion, Outcome<Done>>
{
    /// <summary>Beside the details' names.</summary>
    const string Email = "Email";

    public async Task<Outcome<Done>> Handle(SuggestDetails command, CancellationToken ct)
    {
        var details = new Dictionary<string, string>();
        if (!string.IsNullOrWhiteSpace(command.Email))
        {
            var email = EmailAddress.Parse(command.Email);
            if (!email.Granted) return email.Refusal;
            details[Email] = email.Value.Value;
        }
        foreach (var (detail, typed) in command.Details.Where(d => !string.IsNullOrWhiteSpace(d.Value)))
        {
            if (!SuggestDetails.Offered.Contains(detail)) return new InvalidValue(detail.Field(), "Only the person can change this "
                + "detail.");
            var value = PlainText.ReadName(typed, detail.Field());
            if (!value.Granted) return value.Refusal;
            details[$"{detail}"] = value.Value;
        }
        if (details.Count == 0) return new NothingSuggested();
        var account = await mediator.Send(new ReadAccount(command.Account), ct);
        return await work.Run<Done>(command.Origin, async change =>
        {
            var values = new
            {
                id = Guid.CreateVersion7(change.Now),
                organization = command.Organization.Value,
                account = command.Account.Value,
                details = KernelJson.Write(details),
                by = command.Origin.Actor,
                now = change.Now.UtcDateTime
            };
            if (!account.Granted
                || (await change.Rows<Guid>(
                    "select m.site_id from sites.site_member m join sites.site s on s.id = m.site_id where m.account_id = @account "
                    + "and s.organization_id = @organization for share of m", values)).Count == 0)
                return new NotFound("user");
            if (account.Value.ManagedBy == command.Organization) return new UpdateInstead();
            // Whoever manages the account, the person cannot change its address.
            if (details.ContainsKey(Email) && account.Value.ManagedBy is not null) return new InvalidValue("email", "This person cannot "
                + "change the email address. Leave it blank.");
            await change.Write(
                "update sites.suggestion set answered_at = @now, details = null where organization_id = @organization and account_id = "
                + "@account and answered_at is null", values);
            await change.Write(
                "insert into sites.suggestion (id, organization_id, account_id, details, made_by, made_at) values (@id, @organization, "
                + "@account, @details::jsonb, @by, @now)", values);
            change.WriteAudit(command.Organization, command.Account.Value, SiteActions.DetailsSuggested, personal: details);
            if (account.Value.Email.Length > 0)
                change.QueueMail(new(account.Value.Email,
                    new DetailsSuggestedLetter(account.Value.Name, address.Link("/account/suggestions")),
                    command.Organization.Value));
            return Done.It;
        }, ct);
    }

    public async Task<IReadOnlyList<SuggestionView>> Handle(ReadSuggestions query, CancellationToken ct) =>
        await work.Look<IReadOnlyList<SuggestionView>>(new(null, "read"), async change =>
            [.. (await change.Rows<(Guid Id, string Organization, DateTime At, string Details)>("""
                select s.id, o.name, s.made_at, s.details::text from sites.suggestion s
                  join sites.organization o on o.id = s.organization_id
                where s.account_id = @account and s.answered_at is null order by s.made_at desc, s.id
                """, new { account = query.Account.Value }))
                .Select(s => (s.Id, s.Organization, s.At, Values: KernelJson.Read<Dictionary<string, string>>(s.Details)))
                .Select(s => new SuggestionView(s.Id, s.Organization, s.At,
                    s.Values.Where(v => v.Key != Email).ToDictionary(v => Enum.Parse<AccountDetail>(v.Key), v => v.Value),
                    s.Values.GetValueOrDefault(Email)))], ct);

    public async Task<Outcome<Done>> Handle(AnswerSuggestion command, CancellationToken ct)
    {
        if ((await Handle(new ReadSuggestions(command.Account), ct)).FirstOrDefault(s => s.Id == command.Suggestion) is not { } suggestion)
            return new NotFound("suggestion");
        if (command.Accept)
        {
            var profile = await mediator.Send(new ReadProfile(command.Account, null, command.Account), ct);
            if (!profile.Granted) return profile.Refusal;
            // Before anything is written: an organization may manage the account since.
            if (suggestion.Email is not null && profile.Value.EmailRefusal is { } locked) return locked;
            if (suggestion.Details.Keys.Select(d => profile.Value[d].Refusal).OfType<Refusal>().FirstOrDefault() is { } kept) return kept;
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
