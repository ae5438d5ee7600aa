using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Razor.Hosting;

namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>A demo in which something has happened, and every page in it that a person can come to.</summary>
public sealed class Stops : IAsyncLifetime
{
    /// <summary>Page routes that show nothing of their own.</summary>
    static readonly string[] Blind = ["/", "/sign-out", "/o/{orgId:guid}/members/{accountId:guid}/resend-verification", "/o/{orgId:guid}/members/bulk", "/setup", "/password-strength", "/error/{status:int}", "/s/{siteId:guid}/users/change", "/o/{orgId:guid}/users/change"];

    readonly Dictionary<string, string> _ids = [];

    public Installation Installation { get; private set; } = null!;

    /// <summary>Name, path with names for ids, and whether somebody is signed in.</summary>
    public static readonly (string Route, string Path, bool SignedIn)[] All =
    [
        ("/sign-in", "/sign-in", false),
        ("/sign-up", "/sign-up", false),
        ("/sign-up/sent", "/sign-up/sent", false),
        ("/verify-email", "/verify-email?token=none", false),
        ("/confirm-email", "/confirm-email?token=none", false),
        ("/forgot-password", "/forgot-password", false),
        ("/forgot-password/sent", "/forgot-password/sent", false),
        ("/reset-password", "/reset-password?token={reset}", false),
        ("password link, void", "/reset-password?token=none", false),
        ("/sign-in/single-sign-on", "/sign-in/single-sign-on?why=samlForged", false),
        ("/demo/dns", "/demo/dns", false),
        ("/demo/mail", "/demo/mail", false),
        ("/api-reference", "/api-reference", false),
        ("404 signed out", "/nowhere", false),
        ("400", "/sign-in?returnTo=%00", false),
        ("/demo/dns", "/demo/dns", true),
        ("/demo/mail", "/demo/mail", true),
        ("404 signed in", "/nowhere", true),
        ("/account", "/account", true),
        ("/account/details/{detail}", "/account/details/job-title", true),
        ("own time zone", "/account/details/time-zone", true),
        ("/account/email", "/account/email", true),
        ("/account/password", "/account/password", true),
        ("/account/two-step", "/account/two-step", true),
        ("/account/two-step/set-up", "/account/two-step/set-up", true),
        ("/account/picture", "/account/picture", true),
        ("/account/delete", "/account/delete", true),
        ("/account/sessions", "/account/sessions", true),
        ("/account/api-tokens", "/account/api-tokens", true),
        ("/account/api-tokens/{tokenId:guid}/revoke", "/account/api-tokens/{own-token}/revoke", true),
        ("/confirm-it-is-you", "/confirm-it-is-you?returnTo=%2Faccount%2Fdelete", true),
        ("/o/{orgId:guid}/admins", "/o/{acme}/admins", true),
        ("/o/{orgId:guid}/admins/appoint", "/o/{acme}/admins/appoint", true),
        ("/o/{orgId:guid}/admins/{accountId:guid}/remove", "/o/{acme}/admins/{second}/remove", true),
        ("/o/{orgId:guid}/api-keys", "/o/{acme}/api-keys", true),
        ("API keys, none", "/o/{globex}/api-keys", true),
        ("/o/{orgId:guid}/api-keys/new", "/o/{acme}/api-keys/new", true),
        ("/o/{orgId:guid}/api-keys/{keyId:guid}/revoke", "/o/{acme}/api-keys/{key}/revoke", true),
        ("/o/{orgId:guid}/api-keys/{keyId:guid}/take-over", "/o/{acme}/api-keys/{second-key}/take-over", true),
        ("/o/{orgId:guid}/identity-providers", "/o/{acme}/identity-providers", true),
        ("identity providers, none", "/o/{globex}/identity-providers", true),
        ("/o/{orgId:guid}/identity-providers/new", "/o/{acme}/identity-providers/new", true),
        ("/o/{orgId:guid}/identity-providers/{directoryId:guid}", "/o/{acme}/identity-providers/{directory}", true),
        ("identity provider, nobody yet", "/o/{acme}/identity-providers/{bare-directory}", true),
        ("/o/{orgId:guid}/identity-providers/{directoryId:guid}/renew-token", "/o/{acme}/identity-providers/{directory}/renew-token", true),
        ("/o/{orgId:guid}/identity-providers/{directoryId:guid}/remove", "/o/{acme}/identity-providers/{directory}/remove", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/unlink", "/o/{acme}/members/{provisioned}/unlink", true),
        ("member, provisioned", "/o/{acme}/members/{provisioned}", true),
        ("/o/{orgId:guid}/permissions", "/o/{acme}/permissions", true),
        ("/o/{orgId:guid}/audit-log", "/o/{acme}/audit-log", true),
        ("audit log, filtered", "/o/{acme}/audit-log?actor=ada%40acme.example&from=2020-01-01&to=2099-12-31", true),
        ("audit log, no match", "/o/{acme}/audit-log?person=nobody%40nowhere.example", true),
        ("/o/{orgId:guid}/webhooks", "/o/{acme}/webhooks", true),
        ("webhooks, none", "/o/{globex}/webhooks", true),
        ("/o/{orgId:guid}/webhooks/{webhookId:guid}", "/o/{acme}/webhooks/{webhook}", true),
        ("/o/{orgId:guid}/webhooks/{webhookId:guid}/delete", "/o/{acme}/webhooks/{webhook}/delete", true),
        ("audit log, refused", "/o/{acme}/audit-log?actor=ada&from=2026-02-01&to=2026-01-01", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/log-out", "/o/{acme}/members/{liam}/log-out", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/devices/{deviceId:guid}/log-out", "/o/{acme}/members/{liam}/devices/{device}/log-out", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/api-tokens/{tokenId:guid}/revoke", "/o/{acme}/members/{liam}/api-tokens/{token}/revoke", true),
        ("/o/{orgId:guid}/members", "/o/{acme}/members", true),
        ("members, two on a page", "/o/{acme}/members?size=25&sort=email&dir=desc", true),
        ("members, no match", "/o/{acme}/members?q=nobody-is-called-so", true),
        ("members, search refused", "/o/{acme}/members?q=%07", true),
        ("members, every filter", "/o/{acme}/members?q=a&status=active&domain=acme.example&active=30&verified=yes&from=2020-01-01&to=2099-12-31&sort=active&dir=desc", true),
        ("/o/{orgId:guid}/members/overview", "/o/{acme}/members/overview", true),
        ("overview, nothing managed", "/o/{globex}/members/overview", true),
        ("/o/{orgId:guid}/members/export", "/o/{acme}/members/export?status=active&active=never", true),
        ("export, nobody", "/o/{acme}/members/export?q=nobody-is-called-so", true),
        ("members, nothing verified", "/o/{globex}/members", true),
        ("/o/{orgId:guid}/members/{accountId:guid}", "/o/{acme}/members/{liam}", true),
        ("member, deactivated", "/o/{acme}/members/{gone}", true),
        ("member, unverified", "/o/{acme}/members/{unverified}", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/details/{detail}", "/o/{acme}/members/{liam}/details/phone", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/email", "/o/{acme}/members/{liam}/email", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/picture", "/o/{acme}/members/{liam}/picture", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/deactivate", "/o/{acme}/members/{liam}/deactivate", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/reactivate", "/o/{acme}/members/{gone}/reactivate", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/unclaim", "/o/{acme}/members/{liam}/unclaim", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/delete", "/o/{acme}/members/{liam}/delete", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/reset-password", "/o/{acme}/members/{liam}/reset-password", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/reset-two-step", "/o/{acme}/members/{gone}/reset-two-step", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/cancel-deletion", "/o/{acme}/members/{leaving}/cancel-deletion", true),
        ("member, being deleted", "/o/{acme}/members/{leaving}", true),
        ("/o/{orgId:guid}/members/unclaim", "/o/{acme}/members/unclaim", true),
        ("/o/{orgId:guid}/bulk/{draftId:guid}", "/o/{acme}/bulk/{bulk}", true),
        ("bulk deletion", "/o/{acme}/bulk/{bulk-delete}", true),
        ("bulk reset of passwords", "/o/{acme}/bulk/{bulk-reset}", true),
        ("bulk move to a policy", "/o/{acme}/bulk/{bulk-move}", true),
        ("/o/{orgId:guid}/domains/{domainId:guid}/exclusions", "/o/{acme}/domains/{acme.example}/exclusions", true),
        ("/o/{orgId:guid}/domains", "/o/{acme}/domains", true),
        ("/o/{orgId:guid}/domains/add", "/o/{acme}/domains/add", true),
        ("/o/{orgId:guid}/domains/{domainId:guid}", "/o/{acme}/domains/{acme.example}", true),
        ("/o/{orgId:guid}/domains/{domainId:guid}/export", "/o/{acme}/domains/{acme.example}/export", true),
        ("domain, over HTTPS", "/o/{acme}/domains/{acme.example}?method=https", true),
        ("domain, not verified", "/o/{globex}/domains/{globex.example}", true),
        ("/o/{orgId:guid}/domains/{domainId:guid}/remove", "/o/{acme}/domains/{acme.example}/remove", true),
        ("/o/{orgId:guid}/domains/{domainId:guid}/{verb:regex(^(claim|unclaim)$)}", "/o/{acme}/domains/{acme.example}/claim", true),
        ("unclaim", "/o/{acme}/domains/{acme.example}/unclaim", true),
        ("claim, not verified", "/o/{globex}/domains/{globex.example}/claim", true),
        ("/o/{orgId:guid}/claims/{draftId:guid}", "/o/{acme}/claims/{draft}", true),
        ("/o/{orgId:guid}/claims/{draftId:guid}/new-accounts", "/o/{acme}/claims/{draft}/new-accounts", true),
        ("/o/{orgId:guid}/claims/{draftId:guid}/confirm", "/o/{acme}/claims/{draft}/confirm", true),
        ("/o/{orgId:guid}/jobs", "/o/{acme}/jobs", true),
        ("jobs, none", "/o/{globex}/jobs", true),
        ("/o/{orgId:guid}/settings/mail", "/o/{acme}/settings/mail", true),
        ("mail, nothing unsent", "/o/{globex}/settings/mail", true),
        ("/o/{orgId:guid}/members/{accountId:guid}/policy", "/o/{acme}/members/{liam}/policy", true),
        ("/o/{orgId:guid}/policies", "/o/{acme}/policies", true),
        ("/o/{orgId:guid}/policies/new", "/o/{acme}/policies/new", true),
        ("/o/{orgId:guid}/policies/{policyId:guid}", "/o/{acme}/policies/{policy}", true),
        ("/o/{orgId:guid}/policies/{policyId:guid}/add", "/o/{acme}/policies/{policy}/add", true),
        ("/o/{orgId:guid}/policies/{policyId:guid}/rules", "/o/{acme}/policies/{policy}/rules", true),
        ("rules of a policy, none yet", "/o/{acme}/policies/{bare-policy}/rules", true),
        ("/o/{orgId:guid}/single-sign-on", "/o/{acme}/single-sign-on", true),
        ("single sign-on, nothing yet", "/o/{globex}/single-sign-on", true),
        ("/o/{orgId:guid}/single-sign-on/remove", "/o/{acme}/single-sign-on/remove", true),
        ("managed accounts by policy", "/o/{acme}/members?policy={policy}&twostep=off&billable=yes", true),
        ("/o/{orgId:guid}/policies/{policyId:guid}/delete", "/o/{acme}/policies/{policy}/delete", true),
        ("policies, default only", "/o/{globex}/policies", true),
        ("domain, token missing", "/o/{acme}/domains/{gone.example}", true),
        ("domain, lapsed", "/o/{acme}/domains/{lapsed.example}", true),
        ("/o/{orgId:guid}/jobs/{jobId:guid}", "/o/{acme}/jobs/{job}", true),
        ("/o/{orgId:guid}/users", "/o/{acme}/users", true),
        ("users, nobody yet", "/o/{globex}/users", true),
        ("users, every filter", "/o/{acme}/users?q=a&status=active&type=managed&active=never&app=jira&sort=active&dir=desc", true),
        ("users, managed on no site", "/o/{acme}/users?type=never-invited", true),
        ("users, search refused", "/o/{acme}/users?q=%07", true),
        ("/o/{orgId:guid}/users/invite", "/o/{acme}/users/invite", true),
        ("/o/{orgId:guid}/users/{accountId:guid}", "/o/{acme}/users/{liam}", true),
        ("/o/{orgId:guid}/users/{accountId:guid}/{change:regex(^(suspend|restore|remove)$)}", "/o/{acme}/users/{liam}/remove", true),
        ("/s/{siteId:guid}/users", "/s/{site}/users", true),
        ("/s/{siteId:guid}/users/{accountId:guid}", "/s/{site}/users/{liam}", true),
        ("user, suspended", "/s/{site}/users/{suspended}", true),
        ("/s/{siteId:guid}/users/{accountId:guid}/{change:regex(^(suspend|restore|remove)$)}", "/s/{site}/users/{liam}/suspend", true),
        ("restore", "/s/{site}/users/{suspended}/restore", true),
        ("/s/{siteId:guid}/users/{accountId:guid}/access", "/s/{site}/users/{liam}/access", true),
        ("/s/{siteId:guid}/users/{accountId:guid}/why", "/s/{site}/users/{liam}/why?app=bitbucket", true),
        ("/s/{siteId:guid}/users/invite", "/s/{site}/users/invite", true),
        ("/o/{orgId:guid}/users/changes/{draftId:guid}", "/o/{acme}/users/changes/{change}", true),
        ("/s/{siteId:guid}/users/changes/{draftId:guid}", "/s/{site}/users/changes/{site-change}", true),
        ("/s/{siteId:guid}/users/export", "/s/{site}/users/export?status=active", true),
        ("many invitations, looked through", "/s/{site}/users/changes/{guests}", true),
        ("/s/{siteId:guid}/users/jobs/{jobId:guid}", "/s/{site}/users/jobs/{site-job}", true),
        ("/s/{siteId:guid}/invitations/{invitationId:guid}", "/s/{site}/invitations/{invitation}", true),
        ("/o/{orgId:guid}/sites", "/o/{acme}/sites", true),
        ("sites, none", "/o/{globex}/sites", true),
        ("/o/{orgId:guid}/sites/new", "/o/{acme}/sites/new", true),
        ("/o/{orgId:guid}/sites/{siteId:guid}", "/o/{acme}/sites/{site}", true),
        ("/o/{orgId:guid}/sites/{siteId:guid}/remove", "/o/{acme}/sites/{site}/remove", true),
        ("/o/{orgId:guid}/sites/{siteId:guid}/apps/{app}/remove", "/o/{acme}/sites/{site}/apps/jira/remove", true),
        ("/o/{orgId:guid}/organizations/new", "/o/{acme}/organizations/new", true),
        ("/o/{orgId:guid}/delete", "/o/{acme}/delete", true),
        ("organization, nothing in the way", "/o/{bare}/delete", true),
        ("/o/{orgId:guid}/groups", "/o/{acme}/groups", true),
        ("groups, none", "/o/{globex}/groups", true),
        ("/o/{orgId:guid}/groups/new", "/o/{acme}/groups/new", true),
        ("/o/{orgId:guid}/groups/{groupId:guid}", "/o/{acme}/groups/{group}", true),
        ("group of a provider", "/o/{acme}/groups/{provided-group}", true),
        ("/o/{orgId:guid}/groups/{groupId:guid}/delete", "/o/{acme}/groups/{group}/delete", true),
        ("/account/sites", "/account/sites", true),
        ("/account/suggestions", "/account/suggestions", true),
        ("/o/{orgId:guid}/users/{accountId:guid}/suggest", "/o/{acme}/users/{second}/suggest", true),
        ("/access/denied", "/access/denied?site=support.acme.example&app=trello", true),
        ("/invitation", "/invitation?token={join}", false),
        ("invitation, void", "/invitation?token=none", false),
        ("invitation, for another", "/invitation?token={join}", true),
    ];

    /// <summary>Routes of pages, as they are compiled in.</summary>
    public static IReadOnlyList<string> Routes { get; } =
    [
        .. typeof(Web.Composition).Assembly.GetCustomAttributes<RazorCompiledItemAttribute>()
            .SelectMany(item => item.Type.GetCustomAttributes<RazorCompiledItemMetadataAttribute>()).Where(m => m.Key == "RouteTemplate").Select(m => m.Value).Except(Blind),
    ];

    public string Path(string template) => _ids.Aggregate(template, (path, id) => path.Replace($"{{{id.Key}}}", id.Value, StringComparison.Ordinal));

    /// <summary>One value for all that people can change; sessions and what the platform looks at by itself stay out of it.</summary>
    public async Task<string> Fingerprint() => $"{await Installation.Query("""
        select md5(string_agg(line, '|' order by line)) from (
          select concat_ws(' ', id, version, state, managed_by, deactivation_reason) as line from accounts.account
          union all select concat_ws(' ', id, name, state, token, automatic_claim) from domains.domain
          union all select concat_ws(' ', id, name, type, value) from domains.demo_record
          union all select concat_ws(' ', id, slug, name, experience) from sites.organization
          union all select concat_ws(' ', id, name) from sites.site
          union all select concat_ws(' ', site_id, app_id) from sites.site_app
          union all select concat_ws(' ', site_id, account_id, status) from sites.site_member
          union all select concat_ws(' ', site_id, account_id, app_id, role) from sites.app_grant
          union all select concat_ws(' ', site_id, account_id, app_id) from sites.site_admin
          union all select concat_ws(' ', id, name, description) from sites.grp
          union all select concat_ws(' ', group_id, account_id) from sites.group_member
          union all select concat_ws(' ', group_id, site_id, app_id, role) from sites.group_app_grant
          union all select concat_ws(' ', id, accepted_at, revoked_at) from sites.invitation
          union all select concat_ws(' ', id, site_id) from sites.bulk_draft
          union all select concat_ws(' ', id, answered_at) from sites.suggestion
          union all select concat_ws(' ', id, url, paused) from directory.webhook
          union all select concat_ws(' ', id, name, token_hash, removed_at) from directory.identity_directory
          union all select concat_ws(' ', directory_id, account_id, version) from directory.provisioned_user
          union all select concat_ws(' ', directory_id, group_id, version) from directory.provisioned_group
          union all select concat_ws(' ', id, state) from kernel.job
          union all select concat_ws(' ', id, automatic, job_id) from accounts.claim_draft
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
          union all select concat_ws(' ', id, admin_of) from accounts.account
          union all select concat_ws(' ', id, job_id) from accounts.bulk_draft) as everything
        """)}";

    public async Task InitializeAsync()
    {
        Installation = await Installation.Start("stops", demo: true);
        foreach (var org in (string[])["acme", "globex"]) await Remember(org, $"select id from sites.organization where slug = '{org}'");
        foreach (var domain in (string[])["acme.example", "globex.example"]) await Remember(domain, $"select id from domains.domain where name = '{domain}'");
        using var visitor = await Visitor.SignedIn(Installation, "ada@acme.example");
        var draft = await visitor.Post(Path("/o/{acme}/domains/{acme.example}/claim"), ("Input.Which", "all"));
        var job = await visitor.Post($"{draft.Headers.Location}/confirm", ("Input.TypedName", "acme.example"), form: $"{draft.Headers.Location}/new-accounts");
        _ids["job"] = $"{job.Headers.Location}".Split('/')[^1];
        for (var i = 0; i < 200 && await Installation.Query($"select count(*) from accounts.account where managed_by = '{_ids["acme"]}'") is < 100L; i++) await Task.Delay(50);
        await visitor.Post(Path("/o/{acme}/webhooks"), ("Input.Url", "https://receiver.acme.example/audit"));
        await visitor.Post(Path("/o/{acme}/organizations/new"), ("Input.Name", "Bare"));
        await Remember("bare", "select id from sites.organization where slug = 'bare'");
        await Remember("webhook", "select id from directory.webhook");
        await Remember("site", "select id from sites.site where url = 'https://engineering.acme.example'");
        await Remember("group", "select id from sites.grp");
        await Remember("invitation", "select id from sites.invitation");
        await Remember("join", "select substring(letter->>'link' from 'token=(.*)') from kernel.mail where template = 'invitation'");
        await Remember("suspended", "select account_id from sites.site_member where status = 3");
        await Remember("liam", "select id from accounts.account where email = 'liam@acme.example'");
        await Remember("gone", $"select id from accounts.account where managed_by = '{_ids["acme"]}' and email_verified and email like '%@acme.example' and email not like 'ada@%' and email not like 'liam@%' order by id limit 1");
        await Remember("unverified", $"select id from accounts.account where managed_by = '{_ids["acme"]}' and not email_verified order by id limit 1");
        await visitor.Post(Path("/o/{acme}/members/{gone}/deactivate"), ("Input.Reason", "Left the company"), ("Input.Message", "Ask Grace in HR."), ("Input.Notify", "true"));
        await Remember("leaving", $"select id from accounts.account where managed_by = '{_ids["acme"]}' and email_verified and state = 1 and email not like 'ada@%' and email not like 'liam@%' order by id desc limit 1");
        await visitor.Post(Path("/o/{acme}/members/{leaving}/delete"), ("Input.Acknowledged", "true"));
        var policy = await visitor.Post(Path("/o/{acme}/policies/new"), ("Input.Name", "Contractors"), ("Input.Billable", "true"), ("Input.Password", "3"), ("Input.PasswordReuse", "5"), ("Input.IdleMinutes", "60"), ("Input.LifeDays", "7"));
        _ids["policy"] = $"{policy.Headers.Location}".Split('/')[^2];
        foreach (var (name, action) in (IReadOnlyList<(string, string)>)[("bulk", "deactivate"), ("bulk-delete", "delete"), ("bulk-reset", "reset-password"), ("bulk-move", $"policy:{_ids["policy"]}")])
        {
            var bulk = await visitor.Send(Path("/o/{acme}/members/bulk"), await visitor.Token(Path("/o/{acme}/members")), ("action", action), ("which", "all"));
            _ids[name] = $"{bulk.Headers.Location}".Split('/')[^1];
        }
        using (var key = RSA.Create(2048))
        using (var certificate = new CertificateRequest("CN=Acme identity provider", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(20)))
            await visitor.Post(Path("/o/{acme}/single-sign-on"), ("Input.EntityId", "https://idp.acme.example/entity"), ("Input.SignInAddress", "https://idp.acme.example/sso"), ("Input.Certificates", certificate.ExportCertificatePem()));
        foreach (var (name, place, change) in (IReadOnlyList<(string, string, string)>)[("change", "/o/{acme}", "suspend"), ("site-change", "/s/{site}", "remove")])
        {
            var many = await visitor.Send(Path($"{place}/users/change"), await visitor.Token(Path("/o/{acme}/members")), ("change", change), ("which", "all"));
            _ids[name] = $"{many.Headers.Location}".Split('/')[^1];
        }
        var typed = string.Join(' ', Enumerable.Range(0, 120).Select(i => $"guest{i}@mail.example").Append("nonsense"));
        foreach (var name in (string[])["guests", "site-job"])
        {
            var many = await visitor.Post(Path("/s/{site}/users/invite"), ("Input.Emails", name == "guests" ? typed : typed.Replace("guest", "later", StringComparison.Ordinal)), ("Input.Note", "Welcome"));
            _ids[name] = $"{many.Headers.Location}".Split('/')[^1];
        }
        await visitor.Post(Path("/s/{site}/users/changes/{site-job}"));
        for (var i = 0; i < 200 && await Installation.Query($"select state from kernel.job where id = '{_ids["site-job"]}'") is not (short)4; i++) await Task.Delay(50);
        await visitor.Post(Path("/o/{acme}/policies/{policy}/rules"), ("Input.Attribute", "Department"), ("Input.Value", "Outside sales and everything else that is not on the payroll"));
        var bare = await visitor.Post(Path("/o/{acme}/policies/new"), ("Input.Name", "Nobody yet"), ("Input.Billable", "false"), ("Input.Password", "0"), ("Input.PasswordReuse", "0"), ("Input.IdleMinutes", "60"), ("Input.LifeDays", "7"));
        _ids["bare-policy"] = $"{bare.Headers.Location}".Split('/')[^2];
        await visitor.Post(Path("/o/{acme}/members/{liam}/details/job-title"), ("Seen", ""), ("Value", "Engineer"));
        await visitor.Post(Path("/o/{acme}/members/{liam}/details/location"), ("Seen", ""), ("Value", "Berlin"));
        await visitor.Post("/account/api-tokens", ("Input.Label", "A script that reads my account every night and has a long label"), ("Input.Days", "30"));
        await Remember("own-token", "select t.id from security.api_token t join accounts.account a on a.id = t.account_id where a.email = 'ada@acme.example'");
        await visitor.Post(Path("/o/{acme}/admins/appoint"), ("Input.Email", "jane@mail.example"));
        await Remember("second", "select id from accounts.account where email = 'jane@mail.example'");
        await visitor.Post(Path("/o/{acme}/api-keys/new"), ("Input.Name", "The script that reads all managed accounts every night"), ("Input.Scopes", "accounts:read"), ("Input.Scopes", "jobs:read"), ("Input.Days", "30"));
        await Remember("key", "select id from security.api_key");
        await Remember("second-key", $"insert into security.api_key (id, organization_id, account_id, token_hash, name, scopes, created_at, expires_at) values (gen_random_uuid(), '{_ids["acme"]}', '{_ids["gone"]}', 'x', 'Of somebody who left', '{{users:manage}}', now(), now() + interval '30 days') returning id");
        foreach (var (name, called) in (IReadOnlyList<(string, string)>)[("directory", "The identity provider of the whole company, at work"), ("bare-directory", "Nobody yet")])
        {
            await visitor.Post(Path("/o/{acme}/identity-providers/new"), ("Input.Name", called));
            await Remember(name, $"select id from directory.identity_directory where name = '{called}'");
        }
        await Remember("provided-group", $"insert into sites.grp (id, organization_id, name, created_at, provided_by, provider) values (gen_random_uuid(), '{_ids["acme"]}', 'Everybody who sells', now(), '{_ids["directory"]}', 'The identity provider of the whole company, at work') returning id");
        await Remember("provisioned", $"select id from accounts.account where managed_by = '{_ids["acme"]}' and email_verified and state = 1 and email not like 'ada@%' and email not like 'liam@%' order by id desc limit 1");
        await Installation.Query($"""
            insert into directory.provisioned_user (directory_id, account_id, user_name, external_id, active, resource, version, created_at, changed_at)
            select '{_ids["directory"]}', id, email, '4711', true, '{"{}"}', 1, now(), now() from accounts.account where id = '{_ids["provisioned"]}';
            insert into directory.provisioning_note (id, directory_id, at, method, path, status, reason, account_id)
            select gen_random_uuid(), '{_ids["directory"]}', now(), method, path, status, reason, '{_ids["provisioned"]}' from (values
              ('POST', '/Users', 201, 'Passed over, because no schema here knows it: urn:ietf:params:scim:schemas:extension:custom:2.0:User.'),
              ('GET', '/Users?filter=title eq "a title that is quite long and is no help at all to whoever reads it"', 400, 'title cannot be asked for in a filter. Ask for userName, externalId or another that stands in the documentation.')) as n(method, path, status, reason)
            """);
        using (var liam = await Visitor.SignedIn(Installation, "liam@acme.example"))
        {
            await liam.Post("/account/api-tokens", ("Input.Label", "Backup"), ("Input.Days", "90"));
            await Remember("token", $"select id from security.api_token where account_id = '{_ids["liam"]}'");
            await Remember("device", $"select id from security.session where account_id = '{_ids["liam"]}' and ended_at is null limit 1");
        }
        await Installation.Query("update accounts.profile set provisioned_by = 'Okta', provisioned_fields = '{jobTitle}' returning 1");
        var next = await visitor.PostFile(Path("/o/{acme}/domains/{acme.example}/claim"), "liam@acme.example\nnot an address\njane@mail.example\n");
        _ids["draft"] = $"{next.Headers.Location}".Split('/')[^1];

        await Installation.Query($"""
            insert into domains.domain (id, version, organization_id, name, state, token, method, added_at, verified_at, next_check_at, missing_since, warned_at, gave_up_at)
            select gen_random_uuid(), 3, '{_ids["acme"]}', name, state, 'token', 0, now() - interval '50 days', now() - interval '50 days', checked, missing, missing, lapsed from (values
              ('gone.example', 2, now() + interval '20 hours', now() - interval '5 days', null::timestamptz), ('lapsed.example', 0, null, null, now() - interval '2 days')) as d(name, state, checked, missing, lapsed);
            insert into kernel.mail (id, organization_id, recipient, template, letter, created_at, tried_at, next_at, attempts, failure, undeliverable_at)
            select gen_random_uuid(), '{_ids["acme"]}', recipient, template, '{"{}"}', now() - interval '1 hour', now() - interval '50 minutes', now() + interval '1 hour', 1, failure, given_up from (values
              ('a.very.long.address.that.nobody.has@engineering.acme.example', 'email-verification', 'Mailbox unavailable. The server response was: 5.1.1 No such user here', now()),
              ('grace@acme.example', 'account-deactivated', 'Mailbox unavailable. The server response was: 5.2.2 Mailbox full', now()),
              ('liam@acme.example', 'claimed-notice', 'Service not available. The server response was: 4.7.1 Try again later', null)) as m(recipient, template, failure, given_up)
            """);
        foreach (var domain in (string[])["gone.example", "lapsed.example"]) await Remember(domain, $"select id from domains.domain where name = '{domain}'");

        // Liam has forgotten his password; two-step verification is on for somebody who never signs in here.
        await visitor.Send("/forgot-password", await visitor.Token(Path("/o/{acme}/members")), ("Input.Email", "liam@acme.example"));
        for (var i = 0; i < 200 && await Installation.Query("select count(*) from kernel.mail where template = 'password-reset'") is 0L; i++) await Task.Delay(50);
        await Remember("reset", "select substring(letter->>'link' from 'token=(.*)') from kernel.mail where template = 'password-reset'");
        await Installation.Query($"insert into security.two_step (account_id, secret, on_since, last_step) values ('{_ids["gone"]}', 'sealed by nobody', now() - interval '3 days', 0)");

        async Task Remember(string name, string sql) => _ids[name] = $"{await Installation.Query(sql)}";
    }

    public async Task DisposeAsync() => await Installation.DisposeAsync();
}
