using System.Net;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Provisioning.Internal;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Tests.Web;
using DirectoryPlatform.Web.Api;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>Directories of identity providers, their tokens, their pages and their end (SPEC P2).</summary>
[Trait("Rule", "P2")]
public sealed class KeepDirectories : OnScim
{
    Task<NewProvisioningToken> Create(string name) => Here.Grant(new CreateIdentityDirectory(Acme, Ada, name, By(Ada)));

    Task<ProvisioningGrant?> Who(NewProvisioningToken made, Guid? at = null) =>
        Here.Send(new AuthenticateScimToken(at ?? made.Directory.Id.Value, made.Token));

    [Fact]
    public async Task A_token_is_for_one_directory_shown_once_and_stored_hashed()
    {
        var made = await Create(" Nightly ");
        made.Token.ShouldStartWith("dps_");
        made.ToString().ShouldNotContain(made.Token);
        (made.Directory.Name, made.Directory.BaseUrl).ShouldBe(("Nightly", $"http://localhost:5080/scim/directory/{made.Directory.Id}"));
        (await Who(made)).ShouldBe(new ProvisioningGrant(made.Directory.Id, Acme, "Nightly"));
        (await Who(made, Provider.Directory.Value)).ShouldBeNull("another directory of the same organization");
        (await Who(made, Guid.NewGuid())).ShouldBeNull();
        (await Here.Send(new AuthenticateApiKey(made.Token))).ShouldBeNull("it is no API key");
        (await Here.Send(new AuthenticateBearer(made.Token))).ShouldBeNull("it is no API token");
        (await TablesWith(made.Token[4..])).ShouldBeEmpty();
        (await TablesWith("Nightly")).ShouldContain("directory.identity_directory", "or this finds nothing");
        (await Here.Rows<string>(
            "select after->>'name' from kernel.audit_entry where action = 'IdentityDirectoryCreated' and organization_id = @id "
            + "order by at, id", new { id = Acme.Value })).ShouldBe(["Entra ID", "Nightly"]);
        (await Here.Send(new ReadIdentityDirectories(Acme))).Select(d => d.Name).ShouldBe(["Entra ID", "Nightly"]);
        (await Here.Send(new ReadIdentityDirectories(Acme)))
            .Single(d => d.Name == "Nightly").LastRequestAt!.Value.ShouldBe(Here.Clock.GetUtcNow(), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        foreach (var name in (string?[])[null, " ", new string('x', 61), "a\u202Eb", "\u202Egpj.exe", "a\0b", "\u200B"])
            (await Here.Refuse(new CreateIdentityDirectory(Acme, Ada, name, By(Ada))))
                .ShouldBeOfType<InvalidValue>().Field.ShouldBe("name");
        (await Here.Refuse(new CreateIdentityDirectory(Acme, Ada, "entra id", By(Ada)))).ShouldBe(new DirectoryNameTaken());
        await Create("Okta"); // Globex has one of this name.
        await Here.Rows<int>(
            "insert into directory.identity_directory (id, organization_id, name, name_key, token_made_at, created_at, created_by) "
            + "select gen_random_uuid(), @id, n::text, n::text, now(), now(), @id from generate_series(1, 18) n returning 1",
            new { id = Acme.Value });
        (await Here.Refuse(new CreateIdentityDirectory(Acme, Ada, "More", By(Ada)))).ShouldBe(new TooManyDirectories());
    }

    static Task Stops(ScimCaller caller) => TestInstallation.Others(
        async () => (await caller.Ask("GET", "/Users?count=0")).Status is HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(1),
        "the token lives on");

    [Fact]
    public async Task Renewing_and_removing_stop_the_token_at_once_on_this_node_and_within_a_second_on_another()
    {
        await using var other = await WholeSite.On(Here);
        var first = await Create("Nightly");
        using var there = With(first, other);
        await there.Expect(HttpStatusCode.OK, "GET", "/Users?count=0");
        var second = await Here.Grant(new RenewProvisioningToken(Acme, first.Directory.Id, By(Ada)));
        second.Token.ShouldNotBe(first.Token);
        (await Who(first)).ShouldBeNull();
        (await Who(second)).ShouldNotBeNull();
        await Stops(there);
        using var anew = With(second, other);
        await anew.Expect(HttpStatusCode.OK, "GET", "/Users?count=0");
        (await Here.Refuse(new RemoveIdentityDirectory(Acme, first.Directory.Id, "nightly", By(Ada)))).ShouldBe(new DirectoryNameWrong());
        await Here.Grant(new RemoveIdentityDirectory(Acme, first.Directory.Id, "Nightly", By(Ada)));
        (await Who(second)).ShouldBeNull();
        await anew.Expect(HttpStatusCode.Unauthorized, "POST", "/Users", Person("mia"));
        await Stops(anew);
        (await Here.Refuse(new ReadIdentityDirectory(Acme, first.Directory.Id))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new RenewProvisioningToken(Acme, first.Directory.Id, By(Ada)))).ShouldBeOfType<NotFound>();
        await Create("Nightly");
        (await Here.Rows<string>("select action from kernel.audit_entry where subject_id = @id order by at, id",
            new { id = first.Directory.Id.Value }))
            .ShouldBe(["IdentityDirectoryCreated", "ProvisioningTokenRenewed", "IdentityDirectoryRemoved"]);
        await Here.Until(async () =>
        {
            await Recur<GiveBackRemoved>();
            return !await Here.Scalar<bool>(
                "select exists (select from directory.identity_directory where id = @id)", new { id = first.Directory.Id.Value });
        }, what: "the directory was not cleared away");
    }

    [Fact]
    public async Task Another_organizations_directory_is_none()
    {
        var theirs = Foreign.Directory;
        (await Here.Refuse(new ReadIdentityDirectory(Acme, theirs)))
            .ShouldBe(await Here.Refuse(new ReadIdentityDirectory(Acme, new(Guid.NewGuid()))));
        (await Here.Refuse(new RenewProvisioningToken(Acme, theirs, By(Ada)))).ShouldBe(new NotFound("directory"));
        (await Here.Refuse(new RemoveIdentityDirectory(Acme, theirs, "Okta", By(Ada)))).ShouldBe(new NotFound("directory"));
        await Foreign.Expect(HttpStatusCode.OK, "GET", "/Users?count=0");
    }

    [Fact]
    public async Task Whoever_has_no_token_of_this_directory_is_answered_alike_whatever_is_asked()
    {
        var answers = new List<string>();
        foreach (var (directory, token) in ((IdentityDirectoryId, string?)[])[
            (Provider.Directory, null), (Provider.Directory, Foreign.Token), (Provider.Directory, "dps_x"),
                (Foreign.Directory, Provider.Token), (new(Guid.NewGuid()), Provider.Token), (new(Guid.NewGuid()), null)])
            foreach (var (method, path) in ((string, string)[])[
                ("GET", "/Users"), ("POST", "/Users"), ("GET", $"/Users/{Ada}"), ("PATCH", $"/Users/{Guid.NewGuid()}"),
                ("DELETE", "/Users/1"), ("POST", "/Users/.search")])
            {
                using var caller = new ScimCaller(Site.Somebody().Client, directory, token, Here.Clock);
                var (status, body) = await caller.Ask(method, path, method is "GET" or "DELETE" ? null : "{}");
                answers.Add($"{(int)status} {caller.Last.Headers.WwwAuthenticate} {body}");
            }
        answers.Distinct().Single().ShouldStartWith("401 Bearer");
        (await Here.Scalar<long>("select count(*) from directory.provisioning_note")).ShouldBe(0, "strangers fill nobody's log");
    }

    [Fact]
    public async Task The_pages_show_the_token_once_and_lead_through_a_directorys_life()
    {
        await Here.Grant(new GivePassword([Ada], "correct horse"));
        using var ada = Site.Somebody();
        await ada.SignIn("ada@acme.example", "correct horse");
        var home = $"/o/{Acme}/identity-providers";
        (await (await ada.Get(home)).Content.ReadAsStringAsync()).ShouldContain("Entra ID");
        using var refused = await ada.Post($"{home}/new", ("Input.Name", "Entra ID"));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("input-name-error");
        using var made = await ada.Post($"{home}/new", ("Input.Name", "Payroll"));
        var page = await made.Content.ReadAsStringAsync();
        page.ShouldContain("dps_");
        var id = (await Here.Send(new ReadIdentityDirectories(Acme))).Single(d => d.Name == "Payroll").Id;
        page.Replace("<wbr>", "", StringComparison.Ordinal).ShouldContain($"http://localhost/scim/directory/{id}");
        var detail = await (await ada.Get($"{home}/{id}")).Content.ReadAsStringAsync();
        detail.ShouldNotContain("dps_");
        detail.ShouldContain("No rejected requests");
        using var renewed = await ada.Post($"{home}/{id}/renew-token");
        (await renewed.Content.ReadAsStringAsync()).ShouldContain("dps_");
        using var mistyped = await ada.Post($"{home}/{id}/remove", ("Input.TypedName", "payroll"));
        (await mistyped.Content.ReadAsStringAsync()).ShouldContain("input-typedname-error");
        using var removed = await ada.Post($"{home}/{id}/remove", ("Input.TypedName", "Payroll"));
        removed.Headers.Location!.OriginalString.ShouldBe(home);
        (await ada.Get($"{home}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_log_names_what_was_refused_and_stays_small()
    {
        await Provider.Expect(HttpStatusCode.NotFound, "GET", $"/Users/{Guid.NewGuid()}");
        await Provider.Expect(HttpStatusCode.BadRequest, "POST", "/Users", "{\"userName\":\"a\\u0000b\"}");
        await Provider.Expect(HttpStatusCode.BadRequest, "POST", "/Users", "[]");
        var notes = (await Here.Grant(new ReadIdentityDirectory(Acme, Provider.Directory))).Notes;
        notes.Select(n => (n.Method, n.Status)).ShouldBe([("POST", 400), ("POST", 400), ("GET", 404)]);
        notes.ShouldAllBe(n => n.Reason.Length > 10 && n.Path.StartsWith("/Users"));
        await Here.Rows<int>("""
            insert into directory.provisioning_note (id, directory_id, at, method, path, status, reason) select gen_random_uuid(), @id,
              @now - n * interval '1 second', 'GET', '/', 400, 'x' from generate_series(1, 10500) n
            union all select gen_random_uuid(), @other, @now - interval '30 days 1 second', 'GET', '/', 400, 'x' returning 1
            """, new { id = Provider.Directory.Value, other = Foreign.Directory.Value, now = Here.Clock.GetUtcNow().UtcDateTime });
        await Recur<ProvisioningNotes>();
        (await Here.Scalar<long>("select count(*) from directory.provisioning_note where directory_id = @id",
            new { id = Provider.Directory.Value })).ShouldBe(10_000);
        (await Here.Scalar<long>("select count(*) from directory.provisioning_note where directory_id = @id",
            new { id = Foreign.Directory.Value })).ShouldBe(0);
        (await Here.Grant(new ReadIdentityDirectory(Acme, Provider.Directory))).Notes[0].Status.ShouldBe(400);
    }

    [Fact, Trait("Rule", "P4")]
    public async Task Who_asks_too_much_is_told_to_wait_and_the_log_says_so_once()
    {
        var client = Site.Somebody().Client;
        // Nothing is let in again meanwhile.
        Here.Clock.Stand();
        var answers = await Task.WhenAll(Enumerable.Range(0, new ApiSettings().Burst + 20).Select(_ => Ask()));
        var refused = answers.Where(a => a.StatusCode is HttpStatusCode.TooManyRequests).ToList();
        refused.Count.ShouldBeGreaterThan(10);
        refused.ShouldAllBe(a => a.Headers.RetryAfter != null);
        (await Here.Grant(new ReadIdentityDirectory(Acme, Provider.Directory))).Notes.Select(n => n.Status).ShouldBe([429]);
        await Foreign.Expect(HttpStatusCode.OK, "GET", "/Users?count=0");

        Task<HttpResponseMessage> Ask()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"/scim/directory/{Provider.Directory}/Users?count=0");
            request.Headers.Authorization = new("Bearer", Provider.Token);
            return client.SendAsync(request);
        }
    }

    [Fact, Trait("Rule", "L3")]
    public async Task The_audit_log_says_which_provider_did_it()
    {
        var mia = await Provider.Create(Person("mia"));
        var lines = (await Here.Grant(new ReadAuditLog(Acme))).Rows;
        lines.Where(l => l.Subject == mia).Select(l => l.Provider).Distinct().ShouldBe(["Entra ID"]);
        var made = lines.Single(l => l.History.Action == "IdentityDirectoryCreated");
        (made.Kind, made.SubjectName, made.Provider, made.Actor).ShouldBe((AuditSubject.IdentityDirectory, "Entra ID", null, Ada.Value));
        await Here.Grant(new GivePassword([Ada], "correct horse"));
        using var ada = Site.Somebody();
        await ada.SignIn("ada@acme.example", "correct horse");
        var page = await (await ada.Get($"/o/{Acme}/audit-log")).Content.ReadAsStringAsync();
        page.ShouldContain($"href=\"/o/{Acme}/identity-providers/{Provider.Directory}\"");
        page.ShouldContain("<b>Entra ID</b>");
        await Here.Grant(new RemoveIdentityDirectory(Acme, Provider.Directory, "Entra ID", By(Ada)));
        (await (await ada.Get($"/o/{Acme}/audit-log")).Content.ReadAsStringAsync()).ShouldContain("<b>An identity provider</b>");
    }
}
