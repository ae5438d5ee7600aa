using System.Net;
using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Browser.Pages;

namespace DirectoryPlatform.Tests.Browser.Hygiene;

/// <summary>Gus administers Globex alone. What belongs to Acme must look to him exactly like what does not exist.</summary>
[Collection(SharedDemo.Name), Trait("Rule", "S8")]
public sealed partial class AskForWhatIsNotYours(Furnished demo)
{
    readonly Stops _stops = demo.Stops;

    static readonly string[] Gets =
    [
        "/o/{org}/members", "/o/{org}/domains", "/o/{org}/domains/add", "/o/{org}/jobs",
        "/o/{org}/members/{account}", "/o/{org}/members/{account}/deactivate", "/o/{org}/members/{account}/reactivate",
        "/o/{org}/members/{account}/unclaim",
        "/o/{org}/members/{account}/delete", "/o/{org}/members/{account}/cancel-deletion", "/o/{org}/members/{account}/reset-password",
        "/o/{org}/members/{account}/reset-two-step", "/o/{org}/members/unclaim", "/o/{org}/members/bulk-list", "/o/{org}/bulk/{bulk}",
        "/o/{org}/bulk/{bulk}/accounts.csv", "/o/{org}/domains/{domain}/exclusions",
        "/o/{org}/members/{account}/details/job-title", "/o/{org}/members/{account}/details/no-such", "/o/{org}/members/{account}/email",
        "/o/{org}/members/{account}/picture", "/o/{org}/members/{account}/picture.webp",
        "/o/{org}/domains/{domain}", "/o/{org}/domains/{domain}/remove", "/o/{org}/domains/{domain}/claim",
        "/o/{org}/domains/{domain}/unclaim", "/o/{org}/domains/{domain}/accounts.csv",
        "/o/{org}", "/o/{org}/members/export", "/o/{org}/members/accounts.csv", "/o/{org}/domains/{domain}/export",
        "/o/{org}/jobs/{job}/accounts.csv",
        "/o/{org}/claims/{draft}", "/o/{org}/claims/{draft}/new-accounts", "/o/{org}/claims/{draft}/confirm",
        "/o/{org}/claims/{draft}/accounts.csv",
        "/o/{org}/jobs/{job}", "/o/{org}/jobs/{job}/cancel", "/o/{org}/jobs/{job}/results.csv",
        "/o/{org}/settings/mail", "/o/{org}/settings/organization", "/o/{org}/single-sign-on", "/o/{org}/single-sign-on/remove",
        "/o/{org}/api-keys", "/o/{org}/api-keys/confirm", "/o/{org}/api-keys/new",
        "/o/{org}/api-keys/{key}/revoke", "/o/{org}/api-keys/{key}/take-over",
        "/o/{org}/identity-providers", "/o/{org}/identity-providers/new", "/o/{org}/identity-providers/{directory}",
        "/o/{org}/identity-providers/{directory}/renew-token", "/o/{org}/identity-providers/{directory}/identity-rule",
        "/o/{org}/identity-providers/{directory}/identities/{account}", "/o/{org}/identity-providers/{directory}/remove",
        "/o/{org}/members/{account}/unlink",
        "/o/{org}/admins", "/o/{org}/admins/appoint", "/o/{org}/admins/{account}/remove", "/o/{org}/permissions", "/o/{org}/audit-log",
        "/o/{org}/audit-log/entries.csv", "/o/{org}/audit-log/sealed.jsonl", "/o/{org}/audit-log/{entry}", "/o/{org}/webhooks",
        "/o/{org}/webhooks/{webhook}",
        "/o/{org}/webhooks/{webhook}/delete",
        "/o/{org}/members/{account}/log-out", "/o/{org}/members/{account}/devices/{device}/log-out",
        "/o/{org}/members/{account}/api-tokens/{token}/revoke",
        "/o/{org}/users", "/o/{org}/users/{account}", "/o/{org}/users/{account}/suspend", "/o/{org}/users/{account}/suggest",
        "/o/{org}/users/invite", "/o/{org}/users/export", "/o/{org}/users/users.csv",
        "/o/{org}/sites", "/o/{org}/sites/new", "/o/{org}/sites/{site}", "/o/{org}/sites/{site}/remove",
        "/o/{org}/sites/{site}/apps/jira/remove", "/o/{org}/organizations/new", "/o/{org}/delete", "/o/{org}/groups", "/o/{org}/groups/new",
        "/o/{org}/groups/{group}", "/o/{org}/groups/{group}/delete",
        "/s/{site}/users", "/s/{site}/users/{account}", "/s/{site}/users/{account}/suspend", "/s/{site}/users/{account}/access",
        "/s/{site}/users/{account}/why", "/s/{site}/users/invite", "/s/{site}/users/users.csv", "/s/{site}/users/export",
        "/s/{site}/users/jobs/{job}/users.csv", "/o/{org}/users/changes/{change}", "/s/{site}/users/changes/{change}",
        "/o/{org}/users/{account}/claim", "/o/{org}/users/{account}/groups/add",
        "/o/{org}/users/change-list", "/s/{site}/users/change-list",
        "/s/{site}/users/changes/{change}/review.csv", "/s/{site}/users/jobs/{job}", "/s/{site}/users/jobs/{job}/results.csv",
        "/s/{site}/invitations/{invitation}",
    ];

    [Fact]
    public async Task Foreign_ids_answer_as_unknown_ones_and_change_nothing()
    {
        using var gus = await Visitor.SignedIn(_stops.Installation, "gus@globex.example");
        var token = await gus.Token(_stops.Path("/o/{globex}/domains/add"));
        var before = await _stops.Fingerprint();
        var (told, turn) = (new List<string>(), 0);
        foreach (var (template, post) in Gets.Select(t => (t, false)).Concat(Posts.OfOrganization.Select(t => (t, true))))
        {
            // Acme's things under Acme's own address, and under the address of the organization that he does administer; when small,
            // under one of them in turn.
            string[] addresses = template.Count(c => c == '{') > 1 ? ["{acme}", "{globex}"] : ["{acme}"];
            foreach (var org in Proof.Whole ? addresses : [addresses[turn++ % addresses.Length]])
            {
                var foreign = _stops.Path(template.Replace("{org}", org, StringComparison.Ordinal)
                    .Replace("{account}", "{liam}", StringComparison.Ordinal)
                    .Replace("{domain}", "{acme.example}", StringComparison.Ordinal));
                var unknown = _stops.Path(Id()
                    .Replace(template.Replace("{org}", org == "{globex}" ? org : $"{Guid.NewGuid()}", StringComparison.Ordinal),
                        _ => $"{Guid.NewGuid()}"));
                var (theirs, nobodys) = (await Answer(gus, foreign, post ? token : null), await Answer(gus, unknown, post ? token : null));
                if (theirs != nobodys)
                    told.Add($"{(post ? "POST" : "GET")} {template} under {org}: {theirs[..Math.Min(200, theirs.Length)]} but "
                        + $"{nobodys[..Math.Min(200, nobodys.Length)]}");
                else if (!theirs.StartsWith("404", StringComparison.Ordinal) && !theirs.StartsWith("302", StringComparison.Ordinal))
                    told.Add($"{(post ? "POST" : "GET")} {template} under {org}: {theirs[..100]}");
            }
        }
        told.ShouldBeEmpty(string.Join('\n', told));
        (await _stops.Fingerprint()).ShouldBe(before);
    }

    [Theory]
    [InlineData("/o/not-an-id/members")]
    [InlineData("/o/{globex}/members/1%27%20or%20%271")]
    [InlineData("/o/{globex}/members/%ED%A0%80")]
    [InlineData("/o/{globex}/domains/..%2f..%2fetc%2fpasswd")]
    [InlineData("/o/{globex}/jobs/00000000-0000-0000-0000-000000000000")]
    [InlineData("/o/00000000-0000-0000-0000-000000000000/members")]
    [InlineData("/error/500")]
    [InlineData("/error/9999999999999")]
    public async Task Ids_that_are_none_get_a_clear_page(string path)
    {
        using var gus = await Visitor.SignedIn(_stops.Installation, "gus@globex.example");
        var answer = await gus.Get(_stops.Path(path));
        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.NotFound, HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("</h1>");
    }

    [Fact]
    public async Task Somebody_without_any_organization_sees_none()
    {
        using var liam = await Visitor.SignedIn(_stops.Installation, "liam@acme.example");
        foreach (var template in Gets)
            (await liam.Get(
                _stops.Path(Id()
                    .Replace(template.Replace("{org}", "{acme}", StringComparison.Ordinal),
                        _ => $"{Guid.NewGuid()}")))).StatusCode.ShouldBe(HttpStatusCode.NotFound, template);
    }

    /// <summary>Status, address and body without what is random or an id.</summary>
    static async Task<string> Answer(Visitor visitor, string path, string? token)
    {
        using var answer = token is null
            ? await visitor.Get(path)
            : await visitor.Send(path, token, ("Input.Which", "all"), ("Input.TypedName", "acme.example"), ("automatic", "true"),
                ("Input.Name", "new.test"), ("Input.SeenVersion", "1"));
        var body = await answer.Content.ReadAsStringAsync();
        return string.Join(' ', AnyId()
            .Replace(Notice().Replace(FormToken().Replace($"{(int)answer.StatusCode} {answer.Headers.Location} {body}", ""), ""), "id")
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [GeneratedRegex("{(key|account|domain|draft|job|bulk|change|device|token|site|group|invitation|webhook)}")]
    private static partial Regex Id();

    [GeneratedRegex("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")]
    private static partial Regex AnyId();

    /// <summary>What an answer before has left to say.</summary>
    [GeneratedRegex("""<div class="alert [^"]*notice"[\s\S]*?</button>\s*</div>""")]
    private static partial Regex Notice();

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*>")]
    private static partial Regex FormToken();
}
