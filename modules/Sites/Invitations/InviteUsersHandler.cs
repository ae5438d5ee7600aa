using System.Security.Cryptography;
using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Sites.Storage;
using MediatR;

namespace DirectoryPlatform.Sites.Invitations;

sealed class InviteUsersHandler(SiteTurns turns, IMediator mediator, PublicAddress address) : IRequestHandler<InviteUsers, Outcome<Invited>>
{
    public async Task<Outcome<Invited>> Handle(InviteUsers command, CancellationToken ct)
    {
        var note = command.Note?.ReplaceLineEndings("\n").Trim() is { Length: > 0 } text ? text : null;
        if (command.Addresses.Count == 0) return new NoAddresses();
        if (command.Addresses.Count > InviteUsers.MostTyped) return new TooManyAddresses(InviteUsers.MostTyped);
        if (note?.Length > InviteUsers.MaxNote || note?.Any(c => char.IsControl(c) && c != '\n') == true) return new InvalidValue("note", $"Write at most {InviteUsers.MaxNote} characters of plain text.");
        if (command.Roles.Values.Any(r => !Enum.IsDefined(r))) return new InvalidValue("roles", "Choose a role.");
        var typed = command.Addresses.Select(a => (Text: a, Email: EmailAddress.Parse(a))).DistinctBy(a => a.Email.Granted ? a.Email.Value.Value : a.Text).ToList();
        var accounts = (await mediator.Send(new FindAccounts([.. typed.Where(t => t.Email.Granted).Select(t => t.Email.Value)]), ct)).ToDictionary(a => a.Email);
        var by = command.Origin.Actor is { } actor && await mediator.Send(new ReadAccount(new(actor)), ct) is { Granted: true, Value: var inviter } ? inviter.Name : null;
        return await turns.Do<Invited>(command.Origin, async turn =>
        {
            if (await turn.OrganizationOf(command.Site) is not { } organization) return new NotFound("site");
            var there = await Present(turn, command.Site, [.. typed.Where(t => t.Email.Granted).Select(t => t.Email.Value.Value)], [.. accounts.Values.Select(a => a.Id.Value)]);
            var results = typed.Select(t => new InvitedAddress(t.Email.Granted ? t.Email.Value.Value : t.Text,
                t.Email.Granted ? Decide(accounts.GetValueOrDefault(t.Email.Value.Value), t.Email.Value.Value, organization, there) : t.Email.Refusal)).ToList();
            var atOnce = results.Where(r => r.Outcome is { Granted: true, Value: InvitedHow.InAtOnce }).Select(r => accounts[r.Address]).ToList();
            var byMail = results.Where(r => r.Outcome is { Granted: true, Value: InvitedHow.MailSent }).Select(r => r.Address).ToList();
            var site = (await turn.Value<string>("select name from sites.site where id = @site", new { site = command.Site.Value }))!;
            await NewMembers.Add(turn, organization, command.Site, atOnce, command.Roles, command.Groups, command.Origin.Actor);
            // An invitation from before the account was active has done its work.
            var done = await turn.Rows<Guid>("update sites.invitation set revoked_at = @now where site_id = @site and email = any(@emails) and accepted_at is null and revoked_at is null returning id",
                new { site = command.Site.Value, emails = atOnce.Select(a => a.Email).ToArray(), now = turn.Now.UtcDateTime });
            await turn.RelistInvitations(organization, [.. done]);
            foreach (var person in atOnce)
            {
                turn.Audit(organization, person.Id.Value, "UserAdded", after: new { site = command.Site, roles = command.Roles });
                turn.Send(new(person.Email, new AddedToSiteLetter(person.Name, site, by, note, address.Link("/account/sites")), organization.Value));
            }
            await Invite(turn, command, organization, site, by, note, byMail);
            return new Invited(results);
        }, ct);
    }

    /// <summary>In the order in which an admin would check. A foreign account that cannot act is answered as an address without an account: its state is nobody's business here.</summary>
    static Outcome<InvitedHow> Decide(AccountView? account, string email, OrganizationId organization, Already there) => account switch
    {
        _ when account is not null && there.Members.TryGetValue(account.Id.Value, out var status) => status is UserStatus.Suspended ? new SuspendedOnSite() : new AlreadyUserHere(),
        { State: AccountState.Active } => InvitedHow.InAtOnce,
        { State: AccountState.Deactivated } when account.ManagedBy == organization => new DeactivatedHere(),
        { State: AccountState.PendingDeletion } when account.ManagedBy == organization => new BeingDeletedHere(),
        _ when there.Invited.Contains(email) => new InvitedAlready(),
        _ => InvitedHow.MailSent,
    };

    sealed record Already(IReadOnlyDictionary<Guid, UserStatus> Members, IReadOnlySet<string> Invited);

    static async Task<Already> Present(SiteTurn turn, SiteId site, string[] emails, Guid[] accounts)
    {
        // Two admins who invite the same address wait for one another. An invitation that has run out makes room for the next.
        await turn.Write("select pg_advisory_xact_lock(hashtextextended('invite:' || @site::text, 0))", new { site = site.Value });
        var expired = await turn.Rows<Guid>("""
            update sites.invitation set revoked_at = @now where site_id = @site and email = any(@emails) and accepted_at is null and revoked_at is null and expires_at <= @now returning id
            """, new { site = site.Value, emails, now = turn.Now.UtcDateTime });
        if (expired.Count > 0) await turn.Write("delete from sites.listed where id = any(@expired)", new { expired });
        var members = await turn.Rows<(Guid Id, short Status)>("select account_id, status from sites.site_member where site_id = @site and account_id = any(@accounts)", new { site = site.Value, accounts });
        var invited = await turn.Rows<string>("select email from sites.invitation where site_id = @site and email = any(@emails) and accepted_at is null and revoked_at is null", new { site = site.Value, emails });
        return new(members.ToDictionary(m => m.Id, m => (UserStatus)m.Status), invited.ToHashSet());
    }

    async Task Invite(SiteTurn turn, InviteUsers command, OrganizationId organization, string site, string? by, string? note, IReadOnlyList<string> emails)
    {
        if (emails.Count == 0) return;
        var links = emails.Select(e => (Id: Guid.CreateVersion7(turn.Now), Email: e, Token: InvitationToken.New())).ToList();
        var until = turn.Now + InviteUsers.Life;
        await turn.Write("""
            insert into sites.invitation (id, site_id, email, token_hash, note, roles, groups, invited_by, invited_at, sent_at, expires_at)
            select id, @site, email, hash, @note, @roles::jsonb, @groups, @by, @now, @now, @until from unnest(@ids, @emails, @hashes) as i(id, email, hash)
            """, new
        {
            site = command.Site.Value,
            note,
            roles = KernelJson.Write(command.Roles),
            groups = command.Groups.Select(g => g.Value).ToArray(),
            by = command.Origin.Actor,
            now = turn.Now.UtcDateTime,
            until = until.UtcDateTime,
            ids = links.Select(l => l.Id).ToArray(),
            emails = emails.ToArray(),
            hashes = links.Select(l => InvitationToken.HashOf(l.Token)).ToArray(),
        });
        await turn.RelistInvitations(organization, [.. links.Select(l => l.Id)]);
        foreach (var (id, email, token) in links)
        {
            turn.Audit(organization, id, "UserInvited", after: new { site = command.Site, roles = command.Roles }, personal: new { email });
            turn.Send(new(email, new InvitationLetter(site, by, note, until.InLetters(), address.Link($"/invitation?token={token}")), organization.Value));
        }
    }
}

/// <summary>256 random bits as base64url; only the hash is kept.</summary>
static class InvitationToken
{
    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
