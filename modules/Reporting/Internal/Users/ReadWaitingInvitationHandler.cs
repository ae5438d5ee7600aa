using Dapper;
using DirectoryPlatform.Sites;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Reporting.Internal.Users;

sealed class ReadWaitingInvitationHandler(NpgsqlDataSource database, TimeProvider clock)
    : IRequestHandler<ReadWaitingInvitation, Outcome<WaitingInvitation>>
{
    public async Task<Outcome<WaitingInvitation>> Handle(ReadWaitingInvitation query, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var rows = (
            await connection.QueryAsync<(string Email, string Site, string? By, DateTime Invited, DateTime Sent, DateTime Expires,
                string? Note, string Roles, string[] Groups)>("""
            select i.email, s.name, w.name, i.invited_at, i.sent_at, i.expires_at, i.note,
              (select coalesce(jsonb_object_agg(p.name, r.value), '{}')::text from jsonb_each(i.roles) r
                join sites.v_app p on p.id = r.key),
              array(select g.name from sites.v_group g where g.id = any(i.groups) and g.organization_id = s.organization_id
                order by g.name_key)
            from sites.v_invitation i join sites.v_site s on s.id = i.site_id left join accounts.v_account w on w.id = i.invited_by
            where i.id = @invitation and i.site_id = @site and i.accepted_at is null and i.revoked_at is null
            """, new { invitation = query.Invitation.Value, site = query.Site.Value })).AsList();
        return rows is [var r]
            ? new WaitingInvitation(r.Email, r.Site, r.By, r.Invited, r.Sent, r.Expires, r.Expires <= clock.GetUtcNow().UtcDateTime, r.Note,
                KernelJson.Read<Dictionary<string, AppRole>>(r.Roles), r.Groups)
            : new NotFound("invitation");
    }
}
