using System.Reflection;
using System.Text.RegularExpressions;
using DirectoryPlatform.Web.Pages;
using DirectoryPlatform.Web.Shared;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DirectoryPlatform.Tests.Browser.Pages;

/// <summary>Everything that can be posted, with names for ids: see <see cref="Stops"/>.</summary>
static class Posts
{
    public static readonly string[] OfAnybody =
    [
        "/sign-in", "/sign-up", "/verify-email", "/sign-out", "/setup", "/demo/dns", "/demo/dns?handler=Remove",
        "/sign-in?handler=CancelDeletion", "/sign-in?handler=Code", "/sign-in?handler=NewPassword", "/sign-in?handler=SetUpTwoStep",
        "/sign-in/single-sign-on?handler=Code",
        "/demo/clock", "/sign-in?handler=Email", "/password-strength", "/forgot-password", "/reset-password",
        "/account/password", "/account/two-step/set-up", "/account/two-step/recovery-codes", "/account/two-step/turn-off",
        "/confirm-email", "/keep-email", "/take-email-back", "/account/details/job-title", "/account/email", "/account/picture",
        "/account/picture?handler=Remove", "/account/delete",
        "/account/sessions?handler=LogOut", "/account/sessions?handler=LogOutOthers", "/account/api-tokens",
        "/account/api-tokens/{own-token}/revoke", "/confirm-it-is-you",
        "/invitation", "/invitation?handler=Join", "/account/suggestions",
    ];

    public static readonly string[] OfOrganization =
    [
        "/o/{org}/domains/add",
        "/o/{org}/domains/{domain}?handler=Verify",
        "/o/{org}/domains/{domain}/remove",
        "/o/{org}/domains/{domain}/claim",
        "/o/{org}/claims/{draft}/new-accounts",
        "/o/{org}/claims/{draft}/confirm",
        "/o/{org}/members/{account}/details/job-title",
        "/o/{org}/members/{account}/email",
        "/o/{org}/members/{account}/picture",
        "/o/{org}/members/{account}/picture?handler=Remove",
        "/o/{org}/members/{account}/deactivate",
        "/o/{org}/members/{account}/reactivate",
        "/o/{org}/members/{account}/unclaim",
        "/o/{org}/members/{account}/delete",
        "/o/{org}/members/{account}/cancel-deletion",
        "/o/{org}/members/{account}/reset-password",
        "/o/{org}/members/{account}/reset-two-step",
        "/o/{org}/members/bulk",
        "/o/{org}/members/bulk-list",
        "/o/{org}/bulk/{bulk}",
        "/o/{org}/domains/{domain}/exclusions",
        "/o/{org}/domains/{domain}/exclusions?handler=Readmit",
        "/o/{org}/jobs/{job}?handler=Undo",
        "/o/{org}/jobs/{job}?handler=Cancel",
        "/o/{org}/members/{account}/resend-verification",
        "/o/{org}/members/export",
        "/o/{org}/domains/{domain}/export",
        "/o/{org}/jobs/{job}/cancel",
        "/o/{org}/jobs/{job}?handler=Resume",
        "/o/{org}/members/{account}/policy",
        "/o/{org}/policies/new",
        "/o/{org}/policies/{policy}",
        "/o/{org}/policies/{policy}?handler=Preview",
        "/o/{org}/policies/{policy}/rules",
        "/o/{org}/policies/{policy}/rules?handler=Remove",
        "/o/{org}/policies/{policy}/add",
        "/o/{org}/policies/{policy}/delete",
        "/o/{org}/single-sign-on",
        "/o/{org}/single-sign-on?handler=Withdraw",
        "/o/{org}/single-sign-on/remove",
        "/o/{org}/settings/mail?handler=Retry",
        "/o/{org}/settings/mail?handler=Wording",
        "/o/{org}/api-keys/confirm",
        "/o/{org}/api-keys/confirm?handler=Answer",
        "/o/{org}/api-keys/new",
        "/o/{org}/api-keys/{key}/revoke",
        "/o/{org}/api-keys/{key}/take-over",
        "/o/{org}/identity-providers/new",
        "/o/{org}/identity-providers/{directory}/renew-token",
        "/o/{org}/identity-providers/{directory}/identity-rule",
        "/o/{org}/identity-providers/{directory}/identities/{account}",
        "/o/{org}/identity-providers/{directory}/remove",
        "/o/{org}/members/{account}/unlink",
        "/o/{org}/admins/appoint",
        "/o/{org}/delete",
        "/o/{org}/webhooks",
        "/o/{org}/webhooks/{webhook}?handler=Pause",
        "/o/{org}/webhooks/{webhook}?handler=SendAgain",
        "/o/{org}/webhooks/{webhook}/delete",
        "/o/{org}/admins/{account}/remove",
        "/o/{org}/members/{account}/log-out",
        "/o/{org}/members/{account}/devices/{device}/log-out",
        "/o/{org}/members/{account}/api-tokens/{token}/revoke",
        "/o/{org}/users/{account}/suspend",
        "/o/{org}/users/{account}/access",
        "/o/{org}/users/{account}/groups/add",
        "/o/{org}/users/{account}/groups/{group}/remove",
        "/o/{org}/users/{account}/suggest",
        "/s/{site}/users/{account}/suspend",
        "/s/{site}/users/{account}/access",
        "/s/{site}/users/{account}/groups/add",
        "/s/{site}/users/{account}/groups/{group}/remove",
        "/s/{site}/users/change",
        "/o/{org}/users/change",
        "/o/{org}/users/{account}/claim",
        "/o/{org}/users/change-list",
        "/s/{site}/users/change-list",
        "/o/{org}/users/changes/{change}",
        "/s/{site}/users/changes/{change}",
        "/o/{org}/users/export",
        "/s/{site}/users/export",
        "/s/{site}/users/jobs/{job}?handler=Undo",
        "/s/{site}/users/jobs/{job}?handler=Cancel",
        "/s/{site}/users/jobs/{job}?handler=Resume",
        "/s/{site}/users/invite",
        "/s/{site}/users/invite?handler=Show",
        "/s/{site}/invitations/{invitation}?handler=Resend",
        "/s/{site}/invitations/{invitation}?handler=Revoke",
        "/o/{org}/sites",
        "/o/{org}/sites?handler=Groups",
        "/o/{org}/settings/organization",
        "/o/{org}/sites/new",
        "/o/{org}/sites/{site}?handler=Rename",
        "/o/{org}/sites/{site}?handler=App",
        "/o/{org}/sites/{site}?handler=Appoint",
        "/o/{org}/sites/{site}?handler=Dismiss",
        "/o/{org}/sites/{site}/remove",
        "/o/{org}/sites/{site}/apps/jira/remove",
        "/o/{org}/organizations/new",
        "/o/{org}/groups/new",
        "/o/{org}/groups/{group}?handler=Change",
        "/o/{org}/groups/{group}?handler=Add",
        "/o/{org}/groups/{group}?handler=Leave",
        "/o/{org}/groups/{group}?handler=Access",
        "/o/{org}/groups/{group}/delete",
    ];

    /// <summary>Whether something can be posted there: ids, and what else the address names, may be others.</summary>
    public static bool Take(string address) => Shapes.Any(shape => shape.IsMatch(address));

    static readonly IReadOnlyList<Regex> Shapes =
    [
        .. OfAnybody.Concat(OfOrganization).Select(path => new Regex(
            $"^{Regex.Replace(Regex.Escape(path), @"\\\{[^}]+\}|job-title|jira|suspend", "[^/?]+")}$", RegexOptions.IgnoreCase)),
    ];

    /// <summary>How many handlers there are, by the compiled pages, at each address; the error page's is no form.</summary>
    public static int Handlers { get; } = typeof(Web.WebRegistration).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(PageModel)) && !t.IsAbstract && t.Name != "ErrorModel")
        .Sum(t => Math.Max(1, PageAddress.All.Count(a => a.Model == t)) * t.GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Count(m => m.Name.StartsWith("OnPost", StringComparison.Ordinal)));
}
