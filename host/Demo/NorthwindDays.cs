using Dapper;
using Npgsql;

namespace DirectoryPlatform.Host.Demo;

/// <summary>What Northwind's people are and do by themselves, for all of them at once. Chance is the digest of the account's id, so that
/// every demo is the same.</summary>
static class NorthwindDays
{
    /// <summary>The last ones have fewer people.</summary>
    public static readonly IReadOnlyList<string> Departments =
        ["Engineering", "Product", "Design", "Sales", "Support", "Marketing", "Finance", "People"];

    const string Dice = """
        create or replace function pg_temp.dice(id uuid, what text, sides int) returns int language sql immutable as $$
          select ('x' || substr(md5(id::text || what), 1, 7))::bit(28)::int % sides
        $$;
        """;

    /// <summary>Addresses without the number, where nobody else has them, and profiles.</summary>
    /// <param name="named">Addresses of those whom the demo names.</param>
    public static async Task Introduce(NpgsqlDataSource database, IEnumerable<string> named)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync($"""
            {Dice}
            create temp table short as
              select id, email as was, regexp_replace(email, '[0-9]+@', '@') as email,
                row_number() over (partition by regexp_replace(email, '[0-9]+@', '@') order by id) as place
              from accounts.account where email ~ '[0-9]@';
            update accounts.account a set email = s.email, version = version + 1 from short s
              where s.id = a.id and s.place = 1 and not exists (select from accounts.account o where o.email = s.email);
            update accounts.search t set text = replace(t.text, s.was, s.email) from short s join accounts.account a on a.id = s.id
              where t.account_id = s.id and a.email = s.email;
            insert into accounts.profile (account_id, job_title, department, organization, location, time_zone, language, detail_keys)
              select id, job, department, company, place[1], place[2], place[3], array['jobTitle:' || lower(job),
                'department:' || lower(department), 'organization:' || lower(company), 'location:' || lower(place[1]),
                'timeZone:' || lower(place[2]), 'language:' || lower(place[3])]
              from (
                select a.id, @departments[d.no] as department,
                  -- Nor are they interns, whose passwords expire.
                  case when a.email <> all(@named) and pg_temp.dice(a.id, 'intern', 16) = 0 then 'Intern'
                    else (array['Engineer', 'Product manager', 'Designer', 'Account manager',
                      'Support agent', 'Campaign manager', 'Analyst', 'People partner'])[d.no] end as job,
                  case when a.domain = 'partner.example' then 'Partner Stores' else 'Northwind' end as company,
                  (array[array['Hamburg', 'Europe/Berlin', 'de'], array['Toronto', 'America/Toronto', 'en'],
                    array['Nairobi', 'Africa/Nairobi', 'en'], array['Lisbon', 'Europe/Lisbon', 'pt']])
                    [1 + pg_temp.dice(a.id, 'place', 4) : 1 + pg_temp.dice(a.id, 'place', 4)][1:3] as places
                from accounts.account a cross join lateral (
                  -- Whoever is named can sign in by a password alone: no policy asks People for more.
                  select case when a.email = any(@named) then 8 else
                    1 + least(7, pg_temp.dice(a.id, 'department', 100) * pg_temp.dice(a.id, 'again', 100) / 900) end as no) d
              ) p cross join lateral (select array[places[1][1], places[1][2], places[1][3]] as place) l;
            drop table short;
            analyze accounts.profile;
            """, new { departments = Departments.ToArray(), named = named.ToArray() });
    }

    /// <summary>Of whoever may act, in the order of their making.</summary>
    /// <param name="department">Null for all.</param>
    /// <param name="unverified">Whether those are meant, too, who have not shown that the address is theirs.</param>
    public static async Task<IReadOnlyList<string>> Addresses(NpgsqlDataSource database, string domain, string? department,
        IEnumerable<string> without, bool unverified = false)
    {
        await using var connection = await database.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>("""
            select a.email from accounts.account a left join accounts.profile p on p.account_id = a.id
            where a.domain = @domain and (a.state = 1 or a.state = 0 and @unverified) and a.email <> all(@without)
              and (@department::text is null or p.department = @department) order by a.id
            """, new { domain, department, without = without.ToArray(), unverified })];
    }

    /// <summary>When they were last here, on what, by which second step, and with which tokens.</summary>
    /// <param name="secret">Of a second step, as the product seals it.</param>
    public static async Task Live(NpgsqlDataSource database, OrganizationId organization, string secret, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync($"""
            {Dice}
            -- Most were here in the last days, fewer the longer it is ago, and on weekends hardly anybody.
            create temp table seen as
              select id, managed_by is not null as managed, case
                when extract(isodow from at) > 5 and pg_temp.dice(id, 'weekend', 5) > 0 then at - interval '2 days' else at end as at
              from (
                select id, managed_by, @now - make_interval(days => case
                  when pg_temp.dice(id, 'rhythm', 100) < 52 then pg_temp.dice(id, 'day', 3)
                  when pg_temp.dice(id, 'rhythm', 100) < 76 then 3 + pg_temp.dice(id, 'day', 11)
                  when pg_temp.dice(id, 'rhythm', 100) < 86 then 14 + pg_temp.dice(id, 'day', 40)
                  else 54 + pg_temp.dice(id, 'day', 260) end, mins => pg_temp.dice(id, 'minute', 600)) as at
                from accounts.account where state = 1 and pg_temp.dice(id, 'never', 12) > 0) a;
            update accounts.account a set last_active_at = s.at from seen s where s.id = a.id;
            update sites.site_member m set last_active_at = s.at from seen s where s.id = m.account_id
              and pg_temp.dice(s.id, 'site', 5) > 0;
            -- One app on the day on which they were last there, and most others some days before.
            insert into sites.app_use (site_id, account_id, app_id, last_used_at)
              select m.site_id, m.account_id, o.app_id, greatest(m.added_at, m.last_active_at - make_interval(
                days => case o.no when 1 then 0 else pg_temp.dice(m.account_id, o.app_id, 20) end))
              from sites.site_member m cross join lateral (
                select x.app_id, row_number() over (order by x.app_id)::int as no from (
                  select distinct app_id from sites.open_apps(m.account_id, m.site_id)) x) o
              where isfinite(m.last_active_at) and (o.no = 1 or pg_temp.dice(m.account_id, o.app_id || ' used', 4) > 0)
              on conflict do nothing;
            update directory.identity_directory d set last_request_at = n.at from (
              select directory_id, max(at) as at from directory.provisioning_note group by directory_id) n where n.directory_id = d.id;
            select sites.relist(@org, array(select account_id from sites.site_member));

            insert into security.session (id, token_hash, account_id, kind, device, agent, address, created_at, last_active_at, idle,
                ends_at, proved_at)
              select gen_random_uuid(), sha256(convert_to(gen_random_uuid()::text, 'UTF8')), id, case no when 1 then 'browser' else 'mobile'
                end, case no when 1 then (array['Chrome on Windows', 'Edge on Windows', 'Safari on macOS', 'Firefox on Linux'])
                  [1 + pg_temp.dice(id, 'browser', 4)] else (array['iPhone', 'Android phone'])[1 + pg_temp.dice(id, 'phone', 2)] end, '',
                '198.51.100.' || (1 + pg_temp.dice(id, 'address', 250)), at - interval '9 days', at, interval '30 days',
                at + interval '21 days', at - interval '9 days'
              from seen cross join generate_series(1, 2) no
              where at > @now - interval '7 days' and (no = 1 or pg_temp.dice(id, 'mobile', 3) = 0) and pg_temp.dice(id, 'device', 3) > 0;

            create temp table safe as select id, greatest(claimed_at, @now - interval '420 days') + make_interval(
                days => pg_temp.dice(id, 'when', 20), mins => pg_temp.dice(id, 'minute', 600)) as at
              from accounts.account where managed_by = @org and state <> 0 and pg_temp.dice(id, 'safe', 100) < 62
                and id not in (select unnest(@named));
            update safe set at = @now - interval '1 day' where at > @now;
            insert into security.two_step (account_id, secret, on_since, last_step)
              select id, @secret, at, extract(epoch from at)::bigint / 30 from safe;
            insert into kernel.audit_entry (id, at, organization_id, actor_id, subject_id, action, means)
              select gen_random_uuid(), at, @org, id, id, 'TwoStepTurnedOn', 'web' from safe order by at;

            create temp table token as select gen_random_uuid() as token, id, @now - make_interval(
                days => 1 + pg_temp.dice(id, 'token', 80)) as at, (array['Build server', 'Reports', 'Backup', 'Laptop scripts'])
                [1 + pg_temp.dice(id, 'label', 4)] as label
              from accounts.account where managed_by = @org and state = 1 and pg_temp.dice(id, 'programs', 15) = 0;
            insert into security.api_token (id, account_id, token_hash, label, created_at, expires_at, last_used_at)
              select token, id, sha256(convert_to(token::text, 'UTF8')), label, at, at + interval '180 days',
                @now - make_interval(hours => pg_temp.dice(id, 'used', 200)) from token;
            update security.api_token set last_used_at = null where last_used_at < created_at;
            insert into kernel.audit_entry (id, at, organization_id, actor_id, subject_id, action, means, after)
              select token, at, @org, id, id, 'ApiTokenCreated', 'web', jsonb_build_object('label', label) from token order by at;

            -- What was told to people in those months is not in the mailbox of today, and has been heard.
            delete from kernel.mail where created_at < @now - interval '1 day';
            delete from kernel.outbox;
            drop table seen, safe, token;
            """, new
        {
            org = organization.Value,
            now = now.UtcDateTime,
            secret,
            named = (await connection.QueryAsync<Guid>("select id from accounts.account where admin_of is not null", null, transaction))
                .ToArray(),
        }, transaction);
        await transaction.CommitAsync();
        // One word alone would be read as the name of a procedure.
        await connection.ExecuteAsync("analyze accounts.account, accounts.search, security.session");
    }
}
