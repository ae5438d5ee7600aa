using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DirectoryPlatform.Tests.Browser.Pages;

/// <remarks>How the demo is furnished, so that each page has something to show.</remarks>
public sealed partial class Stops
{
    static readonly Lazy<Task<Stops>> Furnished = new(async () =>
    {
        var stops = new Stops((await Installation.Start("stops", demo: true, Installation.LivesLong)).Shared());
        await stops.Furnish();
        return stops;
    });

    readonly Dictionary<string, string> _ids = [];

    Stops(Installation installation) => Installation = installation;

    /// <summary>One for the whole run: the pages are looked at while forms are forged, since neither changes what the other sees.</summary>
    public static Task<Stops> Ready => Furnished.Value;

    public Installation Installation { get; }

    public string Path(string template) =>
        _ids.Aggregate(template, (path, id) => path.Replace($"{{{id.Key}}}", id.Value, StringComparison.Ordinal));

    /// <summary>One value for all that people can change; sessions and what the platform looks at by itself stay out of it.</summary>
    public async Task<string> Fingerprint() => $"{await Installation.Query("""
        select md5(string_agg(line, '|' order by line)) from (
          select concat_ws(' ', id, version, state, managed_by, deactivation_reason) as line from accounts.account
          union all select concat_ws(' ', id, name, state, token, automatic_claim) from domains.domain
          union all select concat_ws(' ', id, name, type, value) from domains.demo_record
          union all select concat_ws(' ', id, slug, name, experience, site_admins_give_groups)
            from sites.organization
          union all select concat_ws(' ', id, name) from sites.site
          union all select concat_ws(' ', site_id, app_id) from sites.site_app
          union all select concat_ws(' ', site_id, account_id, status) from sites.site_member
          union all select concat_ws(' ', site_id, account_id, app_id, role) from sites.app_grant
          union all select concat_ws(' ', site_id, account_id, app_id) from sites.site_admin
          union all select concat_ws(' ', id, name, description) from sites.grp
          union all select concat_ws(' ', group_id, account_id) from sites.group_member
          union all select concat_ws(' ', group_id, site_id, app_id, role) from sites.group_app_grant
          union all select concat_ws(' ', id, accepted_at, revoked_at) from sites.invitation
          union all select concat_ws(' ', id, answered_at) from sites.suggestion
          union all select concat_ws(' ', id, url, paused) from directory.webhook
          union all select concat_ws(' ', id, name, token_hash, removed_at) from directory.identity_directory
          union all select concat_ws(' ', directory_id, account_id, version) from directory.provisioned_user
          union all select concat_ws(' ', directory_id, group_id, version) from directory.provisioned_group
          union all select concat_ws(' ', id, state) from kernel.job
          union all select concat_ws(' ', id, options) from kernel.bulk_draft
          union all select concat_ws(' ', id, version, name) from security.policy
          union all select concat_ws(' ', account_id, policy_id) from security.policy_member
          union all select concat_ws(' ', id, attribute, value) from security.policy_rule
          union all select concat_ws(' ', organization_id, version) from security.identity_provider
          union all select concat_ws(' ', id, excluded_by) from accounts.account
          union all select concat_ws(' ', account_id, hash, must_change) from security.password
          union all select concat_ws(' ', account_id, secret) from security.two_step
          union all select concat_ws(' ', account_id, hash) from security.recovery_code
          union all select concat_ws(' ', id, label, revoked_at) from security.api_token
          union all select concat_ws(' ', id, account_id, name, revoked_at) from security.api_key
          union all select concat_ws(' ', id, admin_of) from accounts.account) as everything
        """)}";

    async Task Furnish()
    {
        foreach (var org in (string[])["acme", "globex"]) await Remember(org, $"select id from sites.organization where slug = '{org}'");
        foreach (var domain in (string[])["acme.example", "globex.example"])
            await Remember(domain, $"select id from domains.domain where name = '{domain}'");
        using var visitor = await Visitor.SignedIn(Installation, "ada@acme.example");
        var draft = await visitor.Post(Path("/o/{acme}/domains/{acme.example}/claim"), ("Input.Which", "all"));
        var job = await visitor.Post($"{draft.Headers.Location}/confirm", ("Input.TypedName", "acme.example"),
            form: $"{draft.Headers.Location}/new-accounts");
        _ids["job"] = $"{job.Headers.Location}".Split('/')[^1];
        await Patience.Until(async () =>
            await Installation.Query($"select count(*) from accounts.account where managed_by = '{_ids["acme"]}'") is >= 100L);
        await visitor.Post(Path("/o/{acme}/webhooks"), ("Input.Url", "https://receiver.acme.example/audit"));
        await visitor.Post(Path("/o/{acme}/organizations/new"), ("Input.Name", "Bare"));
        await Remember("bare", "select id from sites.organization where slug = 'bare'");
        await Remember("webhook", "select id from directory.webhook");
        await Remember("entry",
            $"select id from kernel.audit_entry where organization_id = '{_ids["acme"]}' and action = 'UserSuspended' limit 1");
        await Remember("site", "select id from sites.site where url = 'https://engineering.acme.example'");
        await Remember("group", "select id from sites.grp");
        await visitor.Post(Path("/o/{acme}/sites?handler=Groups"), ("allowed", "true"), form: Path("/o/{acme}/sites"));
        await Remember("invitation", "select id from sites.invitation");
        await Remember("join", "select substring(letter->>'link' from 'token=(.*)') from kernel.mail where template = 'invitation'");
        await Remember("suspended", "select account_id from sites.site_member where status = 3");
        await Remember("liam", "select id from accounts.account where email = 'liam@acme.example'");
        await Remember("gone",
            $"select id from accounts.account where managed_by = '{_ids["acme"]}' and email_verified and email like '%@acme.example' and "
            + "email not like 'ada@%' and email not like 'liam@%' order by id limit 1");
        await Remember("unverified",
            $"select id from accounts.account where managed_by = '{_ids["acme"]}' and not email_verified order by id limit 1");
        await visitor.Post(Path("/o/{acme}/members/{gone}/deactivate"), ("Input.Reason", "Left the company"),
            ("Input.Message", "Ask Grace in HR."), ("Input.Notify", "true"));
        await Remember("leaving",
            $"select id from accounts.account where managed_by = '{_ids["acme"]}' and email_verified and state = 1 and email not like "
            + "'ada@%' and email not like 'liam@%' order by id desc limit 1");
        await visitor.Post(Path("/o/{acme}/members/{leaving}/delete"), ("Input.Acknowledged", "true"));
        var policy = await visitor.Post(Path("/o/{acme}/policies/new"), ("Input.Name", "Contractors"), ("Input.Billable", "true"),
            ("Input.Password", "3"), ("Input.PasswordReuse", "5"), ("Input.Idle", "60"), ("Input.Life", "7"));
        _ids["policy"] = $"{policy.Headers.Location}".Split('/')[^2];
        foreach (var (name, action) in (IReadOnlyList<(string, string)>)[("bulk", "deactivate"), ("bulk-delete", "delete"),
            ("bulk-reset", "reset-password"), ("bulk-move", $"policy:{_ids["policy"]}")])
        {
            var bulk = await visitor.Send(Path("/o/{acme}/members/bulk"), await visitor.Token(Path("/o/{acme}/members")),
                ("action", action), ("which", "all"));
            _ids[name] = $"{bulk.Headers.Location}".Split('/')[^1];
        }
        using (var key = RSA.Create(2048))
        using (var certificate = new CertificateRequest("CN=Acme identity provider", key, HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(20)))
            await visitor.Post(Path("/o/{acme}/single-sign-on"), ("Input.EntityId", "https://idp.acme.example/entity"),
                ("Input.SignInAddress", "https://idp.acme.example/sso"), ("Input.Certificates", certificate.ExportCertificatePem()));
        foreach (var (name, place, change) in (IReadOnlyList<(string, string, string)>)[
            ("change", "/o/{acme}", "suspend"), ("site-change", "/s/{site}", "remove")])
        {
            var many = await visitor.Send(Path($"{place}/users/change"), await visitor.Token(Path("/o/{acme}/members")), ("change", change),
                ("which", "all"));
            _ids[name] = $"{many.Headers.Location}".Split('/')[^1];
        }
        var typed = string.Join(' ', Enumerable.Range(0, 120).Select(i => $"guest{i}@mail.example").Append("nonsense"));
        foreach (var name in (string[])["guests", "site-job"])
        {
            var many = await visitor.Post(Path("/s/{site}/users/invite"),
                ("Input.Emails", name == "guests" ? typed : typed.Replace("guest", "later", StringComparison.Ordinal)),
                ("Input.Note", "Welcome"));
            _ids[name] = $"{many.Headers.Location}".Split('/')[^1];
        }
        await visitor.Post(Path("/s/{site}/users/changes/{site-job}"));
        await Patience.Until(async () =>
            await Installation.Query($"select state from kernel.job where id = '{_ids["site-job"]}'") is (short)4);
        await visitor.Post(Path("/o/{acme}/policies/{policy}/rules"), ("Input.Attribute", "Department"),
            ("Input.Value", "Outside sales and everything else that is not on the payroll"));
        var bare = await visitor.Post(Path("/o/{acme}/policies/new"), ("Input.Name", "Nobody yet"), ("Input.Billable", "false"),
            ("Input.Password", "0"), ("Input.PasswordReuse", "0"), ("Input.Idle", "60"), ("Input.Life", "7"));
        _ids["bare-policy"] = $"{bare.Headers.Location}".Split('/')[^2];
        await visitor.Post(Path("/o/{acme}/members/{liam}/details/job-title"), ("Seen", ""), ("Value", "Engineer"));
        await visitor.Post(Path("/o/{acme}/members/{liam}/details/location"), ("Seen", ""), ("Value", "Berlin"));
        await visitor.Post("/account/api-tokens", ("Input.Label", "A script that reads my account every night and has a long label"),
            ("Input.Days", "30"));
        await Remember("own-token",
            "select t.id from security.api_token t join accounts.account a on a.id = t.account_id where a.email = 'ada@acme.example'");
        await visitor.Post(Path("/o/{acme}/admins/appoint"), ("Input.Email", "jane@mail.example"));
        await Remember("second", "select id from accounts.account where email = 'jane@mail.example'");
        await visitor.Post(Path("/o/{acme}/api-keys/new"), ("Input.Name", "The script that reads all managed accounts every night"),
            ("Input.Scopes", "accounts:read"), ("Input.Scopes", "jobs:read"), ("Input.Days", "30"));
        await Remember("key", "select id from security.api_key");
        await Remember("second-key",
            $"insert into security.api_key (id, organization_id, account_id, token_hash, name, scopes, created_at, expires_at) values "
            + $"(gen_random_uuid(), '{_ids["acme"]}', '{_ids["gone"]}', 'x', 'Of somebody who left', '{{users:manage}}', now(), now() + "
            + "interval '30 days') returning id");
        foreach (var (name, called) in (IReadOnlyList<(string, string)>)[
            ("directory", "The identity provider of the whole company, at work"), ("bare-directory", "Nobody yet")])
        {
            await visitor.Post(Path("/o/{acme}/identity-providers/new"), ("Input.Name", called));
            await Remember(name, $"select id from directory.identity_directory where name = '{called}'");
        }
        await Remember("provided-group",
            "insert into sites.grp (id, organization_id, name, name_key, created_at, provided_by, provider) values "
            + $"(gen_random_uuid(), '{_ids["acme"]}', 'Everybody who sells', 'everybody who sells', now(), '{_ids["directory"]}', "
            + "'The identity provider of the whole company, at work') returning id");
        await Remember("provisioned",
            $"select id from accounts.account where managed_by = '{_ids["acme"]}' and email_verified and state = 1 and email not like "
            + "'ada@%' and email not like 'liam@%' order by id desc limit 1");
        await Installation.Query($"""
            insert into directory.provisioned_user (directory_id, account_id, user_name, external_id, active, resource, version,
              created_at, changed_at)
            select '{_ids["directory"]}', id, email, '4711', true, '{"{}"}', 1, now(), now() from accounts.account
              where id = '{_ids["provisioned"]}';
            insert into directory.identity_question (directory_id, account_id, external_id, known_as, user_name, name, email, asked_at,
              last_asked_at, times)
            select '{_ids["directory"]}', id, 'an-id-of-the-provider-that-is-quite-long-and-has-no-blank', '4711', email,
              'Somebody else, it seems, of the same name', email, now(), now(), 3 from accounts.account where id = '{_ids["provisioned"]}';
            insert into directory.provisioning_note (id, directory_id, at, method, path, status, reason, account_id)
            select gen_random_uuid(), '{_ids["directory"]}', now(), method, path, status, reason, '{_ids["provisioned"]}' from (values
              ('POST', '/Users', 201,
                'Ignored, because no schema defines it: urn:ietf:params:scim:schemas:extension:custom:2.0:User.'),
              ('GET', '/Users?filter=title eq "a title that is quite long and is no help at all to whoever reads it"', 400,
                'title cannot be asked for in a filter. Ask for userName, externalId or another that stands in the documentation.')) as
                n(method, path, status, reason)
            """);
        using (var liam = await Visitor.SignedIn(Installation, "liam@acme.example"))
        {
            await liam.Post("/account/api-tokens", ("Input.Label", "Backup"), ("Input.Days", "90"));
            await Remember("token", $"select id from security.api_token where account_id = '{_ids["liam"]}'");
            await Remember("device", $"select id from security.session where account_id = '{_ids["liam"]}' and ended_at is null limit 1");
        }
        await Installation.Query("update accounts.profile set provisioned_by = 'Okta', provisioned_fields = '{jobTitle}' returning 1");
        var next = await visitor.PostFile(Path("/o/{acme}/domains/{acme.example}/claim"),
            "liam@acme.example\nnot an address\njane@mail.example\n");
        _ids["draft"] = $"{next.Headers.Location}".Split('/')[^1];

        await Installation.Query($"""
            insert into domains.domain (id, version, organization_id, name, state, token, method, added_at, verified_at, next_check_at,
              missing_since, warned_at, gave_up_at)
            select gen_random_uuid(), 3, '{_ids["acme"]}', name, state, 'token', 0, now() - interval '50 days', now() - interval '50 days',
              checked, missing, missing, lapsed from (values
              ('gone.example', 2, now() + interval '20 hours', now() - interval '5 days', null::timestamptz), ('lapsed.example', 0, null,
                null, now() - interval '2 days')) as d(name, state, checked, missing, lapsed);
            insert into kernel.mail (id, organization_id, recipient, template, letter, created_at, tried_at, next_at, attempts, failure,
              undeliverable_at)
            select gen_random_uuid(), '{_ids["acme"]}', recipient, template, '{"{}"}', now() - interval '1 hour', now() - interval
              '50 minutes', now() + interval '1 hour', 1, failure, given_up from (values
              ('a.very.long.address.that.nobody.has@engineering.acme.example', 'email-verification',
                'Mailbox unavailable. The server response was: 5.1.1 No such user here', now()),
              ('grace@acme.example', 'account-deactivated', 'Mailbox unavailable. The server response was: 5.2.2 Mailbox full', now()),
              ('liam@acme.example', 'claimed-notice', 'Service not available. The server response was: 4.7.1 Try again later', null)) as
                m(recipient, template, failure, given_up)
            """);
        foreach (var domain in (string[])["gone.example", "lapsed.example"])
            await Remember(domain, $"select id from domains.domain where name = '{domain}'");

        // Liam has forgotten his password; two-step verification is on for somebody who never signs in here.
        await visitor.Send("/forgot-password", await visitor.Token(Path("/o/{acme}/members")), ("Input.Email", "liam@acme.example"));
        await Patience.Until(async () =>
            await Installation.Query("select count(*) from kernel.mail where template = 'password-reset'") is > 0L);
        await Remember("reset", "select substring(letter->>'link' from 'token=(.*)') from kernel.mail where template = 'password-reset'");
        await visitor.Send("/sign-up", await visitor.Token(Path("/o/{acme}/members")), ("Input.Name", "Nora New"),
            ("Input.Email", "nora@mail.example"));
        await Remember("verify",
            "select substring(letter->>'link' from 'token=(.*)') from kernel.mail where template = 'email-verification' "
            + "and recipient = 'nora@mail.example'");
        await Installation
            .Query($"insert into security.two_step (account_id, secret, on_since, last_step) values ('{_ids["gone"]}', 'sealed by nobody', "
            + "now() - interval '3 days', 0)");

        async Task Remember(string name, string sql) => _ids[name] = $"{await Installation.Query(sql)}";
    }
}
