using DirectoryPlatform.Accounts;
using DirectoryPlatform.Sites.Internal.Letters;
using MediatR;

namespace DirectoryPlatform.Sites.Internal.Suggestions;

sealed class SuggestDetailsHandler(UnitOfWork work, IMediator mediator, ProductUrl address)
    : IRequestHandler<SuggestDetails, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(SuggestDetails command, CancellationToken ct)
    {
        var details = new Dictionary<string, string>();
        foreach (var (detail, typed) in command.Details.Where(d => !string.IsNullOrWhiteSpace(d.Value)))
        {
            if (!SuggestDetails.Offered.Contains(detail)) return new InvalidValue(detail.Field(), "This detail is the person’s own.");
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
}
