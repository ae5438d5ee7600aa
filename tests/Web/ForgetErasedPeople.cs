using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Who was erased is found nowhere by any address, also not by one from before the last (SPEC A6, L4).</summary>
[Trait("Rule", "A6"), Trait("Rule", "L4")]
public sealed class ForgetErasedPeople : OnOrganizationsApi
{
    const string First = "zoe.first@acme.example", Second = "zoe.second@acme.example", Last = "zoe.last@acme.example";

    /// <summary>Where people are looked for by an address, and whether an answer has found this one.</summary>
    Dictionary<string, Func<string, Task<bool>>> Places(Guid zoe, ScimCaller provider, SiteVisitor ada)
    {
        var (v2, links) = ($"{V2}/directories/-/users", $"/admin/user-provisioning/v1/org/{Acme}/get-scim-links-for-email");
        return new()
        {
            ["events, q"] = Listed($"{V1}/events?q="),
            ["events, actor"] = Listed($"{V1}/events?actor="),
            ["events of version 2"] = Listed($"{V2}/events?q="),
            ["managed accounts"] = Listed($"{V1}/users?searchTerm="),
            ["users"] = Listed($"{v2}?searchTerm="),
            ["API tokens"] = Listed($"/admin/api-access/v1/orgs/{Acme}/api-tokens?q="),
            ["users, exactly"] = email => Asked("POST", $"{v2}/search", new { emails = (string[])[email] }),
            ["users of version 1"] = email => Asked("POST", $"{V1}/users/search",
                new { emailUsernames = new { eq = (string[])[email.Split('@')[0]] } }),
            ["links to a directory"] = email => Asked("POST", links, new { email }),
            ["SCIM, filter"] = async email =>
                (await provider.Ask("GET", $"/Users?filter={Uri.EscapeDataString($"userName eq \"{email}\"")}")).Body.ToString()
                    .Contains($"{zoe}", StringComparison.Ordinal),
            ["SCIM, search"] = async email => (await provider.Ask("POST", "/.search", new { filter = $"userName eq \"{email}\"" })).Body
                .ToString().Contains($"{zoe}", StringComparison.Ordinal),
            ["page of managed accounts"] = Shown("members?q=", $"{zoe}"),
            ["page of users"] = Shown("users?q=", $"{zoe}"),
            ["palette"] = Shown("find?q=", $"{zoe}"),
            ["audit log, target"] = Shown("audit-log?person=", "id=\"entry-"),
            ["audit log, actor"] = Shown("audit-log?actor=", "id=\"entry-"),
        };

        async Task<bool> Asked(string method, string path, object? body)
        {
            // A bucket is emptied sooner than this is over.
            Here.Clock.Pass(TimeSpan.FromSeconds(1));
            return (await Program.Ask(method, path, body)).Body.ToString().Contains($"{zoe}", StringComparison.Ordinal);
        }

        Func<string, Task<bool>> Listed(string path) => email => Asked("GET", path + Uri.EscapeDataString(email), null);

        Func<string, Task<bool>> Shown(string path, string sign) => async email =>
        {
            using var page = await ada.Get($"/o/{Acme}/{path}{Uri.EscapeDataString(email)}");
            page.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            return (await page.Content.ReadAsStringAsync()).Contains(sign, StringComparison.Ordinal);
        };
    }

    [Fact]
    public async Task No_address_of_somebody_who_was_erased_finds_anything_anywhere()
    {
        var made = await Here.Grant(new CreateIdentityDirectory(Acme, Ada, "Entra ID", By(Ada)));
        using var provider = new ScimCaller(Site.Somebody().Client, made.Directory.Id, made.Token, Here.Clock);
        var id = await provider.Create(new
        {
            schemas = (string[])["urn:ietf:params:scim:schemas:core:2.0:User"],
            userName = First,
            externalId = "4711",
            displayName = "Somebody",
        });
        foreach (var next in (string[])[Second, Last]) await provider.Patch(id, new { op = "replace", path = "userName", value = next });
        var zoe = new AccountId(id);
        (await Here.Grant(new ReadAccount(zoe))).Email.ShouldBe(Last);
        await Here.Send(new OfferApps([new("jira", "Jira")]));
        var site = await Here.Grant(new CreateSite(Acme, "Team", "https://team.acme.example", By(Ada)));
        await Here.Grant(new PutAppOnSite(site, "jira", By(Ada)));
        await Here.Grant(new InviteUsers(site, [Last], new Dictionary<string, AppRole> { ["jira"] = AppRole.User }, [], null, By(Ada)));
        await Here.Grant(new CreateApiToken(zoe, "Backup", 90, By(zoe)));
        await Here.Quiet();
        await Here.Grant(new GivePassword([Ada], "correct horse"));
        using var ada = Site.Somebody();
        await ada.SignIn("ada@acme.example", "correct horse");

        var places = Places(id, provider, ada);
        foreach (var (name, finds) in places)
        {
            (await finds(Last)).ShouldBeTrue($"{name} must be able to find somebody");
            var knows = name.StartsWith("events", StringComparison.Ordinal) || name.StartsWith("audit", StringComparison.Ordinal);
            foreach (var former in (string[])[First, Second]) (await finds(former)).ShouldBe(knows, $"{name}: {former}");
        }

        await Here.Grant(new ScheduleDeletion(zoe, Acme, By(Ada)));
        await Here.Quiet();
        await Here.Scalar<int>("update accounts.account set deletion_due_at = @now where id = @id",
            new { id, now = Here.Clock.GetUtcNow().UtcDateTime });
        await Here.Services.GetServices<IRecurring>().Single(r => r.Name == "erase due deletions").Run(CancellationToken.None);
        await Here.Quiet();
        (await Here.Grant(new ReadAccount(zoe))).State.ShouldBe(AccountState.Deleted);
        foreach (var (name, finds) in places)
            foreach (var address in (string[])[First, Second, Last]) (await finds(address)).ShouldBeFalse($"{name}: {address}");
        // What was done stays in the log, about somebody without a name.
        var kept = (await Program.Expect(HttpStatusCode.OK, "GET", $"{V1}/events?limit=1000&q={id}")).GetProperty("data");
        kept.GetArrayLength().ShouldBeGreaterThan(3);
        kept.ToString().ShouldNotContain("zoe.");
    }
}
