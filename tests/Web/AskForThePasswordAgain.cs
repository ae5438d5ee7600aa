using System.Net;
using System.Text.Encodings.Web;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Pages.Account;
using DirectoryPlatform.Web.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Whatever changes how an account is reached or secured, or carries data off, asks for the password again (SPEC S12), whatever
/// page or route it is sent through.</summary>
[Trait("Rule", "S12")]
public sealed class AskForThePasswordAgain(FurnishedSite all) : OnProofs(all)
{
    /// <summary>Each handler of a page that is sent something: "" and those with names.</summary>
    static IEnumerable<string> Handlers(RouteEndpoint route) =>
        from handler in route.Metadata.GetMetadata<CompiledPageActionDescriptor>()?.HandlerMethods ?? []
        where !HttpMethods.IsGet(handler.HttpMethod) && !HttpMethods.IsHead(handler.HttpMethod)
        select handler.Name is { } name ? $"?handler={name}" : "";

    async Task<SiteVisitor> AdaALongTimeAfterSheSignedIn()
    {
        var ada = _site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        Here.Clock.Pass(TooLong);
        return ada;
    }

    [Fact]
    public async Task Whatever_is_sent_too_late_is_asked_for_the_password_keeps_what_was_typed_and_changes_nothing()
    {
        using var ada = await AdaALongTimeAfterSheSignedIn();
        var token = await ada.Token("/account/api-tokens");
        token.ShouldNotBeEmpty();
        var (before, told, asked) = (await Everything(), new List<string>(), 0);
        (string Name, string Value)[] typed = [.. Fields, ("several", "one"), ("several", "two <b>"), ("Input.List[0].Name", "é\"'")];
        foreach (var (route, requires) in BrowserRoutes().Where(r => r.Requires.Fresh || r.Requires.FreshToSend))
        {
            var path = Path(route, "acme", "acme");
            using var looked = await ada.Get(path);
            var question = $"/confirm-it-is-you?returnTo={Uri.EscapeDataString(path)}";
            if (requires.Fresh != (looked.Headers.Location?.OriginalString == question))
                told.Add($"GET {path}: {(int)looked.StatusCode} {looked.Headers.Location}");
            foreach (var handler in Handlers(route))
            {
                asked++;
                using var answer = await ada.Send(path + handler, token, typed);
                var page = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode is not HttpStatusCode.Forbidden || !Has($"name=\"{FreshProof.Field}\""))
                    told.Add($"POST {path}{handler}: {(int)answer.StatusCode}");
                else if (!Has($"action=\"{path}{handler}\"")) told.Add($"POST {path}{handler}: the question goes on to another page");
                foreach (var (name, value) in typed)
                    if (!Has($"<input type=\"hidden\" name=\"{Html(name)}\" value=\"{Html(value)}\">"))
                        told.Add($"POST {path}{handler}: {name}={value} is lost");

                bool Has(string text) => page.Contains(text, StringComparison.Ordinal);
            }
        }
        told.ShouldBeEmpty(string.Join('\n', told.Take(20)));
        asked.ShouldBeGreaterThan(35);
        (await Everything()).ShouldBe(before);

        static string Html(string text) => HtmlEncoder.Default.Encode(text);
    }

    [Fact]
    public async Task A_page_that_forgot_to_declare_it_asks_all_the_same_and_the_answer_carries_it_through()
    {
        await using var forgetful = await WholeSite.On(Here, services => services.Configure<RazorPagesOptions>(o =>
            o.Conventions.AddPageRouteModelConvention("/Confirm/Confirm", page => page.Selectors
                .Single(s => s.AttributeRouteModel!.Template!.EndsWith("/admins/appoint", StringComparison.Ordinal))
                .EndpointMetadata.Add(new RequiresAttribute(Permission.ManageAdmins)))));
        using var ada = forgetful.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        Here.Clock.Pass(TooLong);
        var (path, liam) = ($"/o/{_ids["acme"]["orgId"]}/admins/appoint", new AccountId(Guid.Parse(_ids["acme"]["accountId"])));
        using var shown = await ada.Get(path);
        shown.StatusCode.ShouldBe(HttpStatusCode.OK, "it has forgotten");
        using var asked = await ada.Post(path, ("Input.Email", "liam@acme.example"));
        asked.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var page = await asked.Content.ReadAsStringAsync();
        page.ShouldContain("""<input type="hidden" name="Input.Email" value="liam@acme.example">""");
        (await Here.Grant(new ReadAccount(liam))).AdminOf.ShouldBeEmpty();
        using var done = await ada.Send(path, SiteVisitor.TokenOf(page), ("Input.Email", "liam@acme.example"),
            (FreshProof.Field, Password));
        done.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Grant(new ReadAccount(liam))).AdminOf.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_file_is_chosen_again_beside_the_question_and_nothing_else_is_lost()
    {
        using var ada = await AdaALongTimeAfterSheSignedIn();
        var (path, token) = ($"/o/{_ids["acme"]["orgId"]}/policies/{_ids["acme"]["policyId"]}/add", await ada.Token("/account/api-tokens"));
        using var asked = await Send(token, null);
        asked.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var page = await asked.Content.ReadAsStringAsync();
        page.ShouldContain("enctype=\"multipart/form-data\"");
        page.ShouldContain("""type="file" id="file-0" name="Input.File" required""");
        page.ShouldContain("people.csv: your browser sends a file only once");
        page.ShouldContain("""<input type="hidden" name="Input.Emails" value="nobody@acme.example">""");
        using var done = await Send(SiteVisitor.TokenOf(page), Password);
        var member = new { id = Guid.Parse(_ids["acme"]["accountId"]) };
        (await Here.Scalar<long>("select count(*) from security.policy_member where account_id = @id", member)).ShouldBe(1);

        async Task<HttpResponseMessage> Send(string token, string? password)
        {
            using var form = new MultipartFormDataContent
            {
                { new StringContent(token), "__RequestVerificationToken" },
                { new StringContent("nobody@acme.example"), "Input.Emails" },
                { new StringContent("liam@acme.example\r\n"), "Input.File", "people.csv" },
            };
            if (password is not null) form.Add(new StringContent(password), FreshProof.Field);
            return await ada.Client.PostAsync(path, form);
        }
    }

    [Fact]
    public async Task A_download_asks_first_and_its_answer_brings_the_file()
    {
        using var ada = await AdaALongTimeAfterSheSignedIn();
        var file = $"/o/{_ids["acme"]["orgId"]}/members/accounts.csv?q=liam";
        using var asked = await ada.Get(file);
        var question = asked.Headers.Location!.OriginalString;
        (asked.StatusCode, question).ShouldBe((HttpStatusCode.Redirect, $"/confirm-it-is-you?returnTo={Uri.EscapeDataString(file)}"));
        (await asked.Content.ReadAsStringAsync()).ShouldBeEmpty();
        using var answered = await ada.Post(question, ("Input.Password", Password));
        answered.Headers.GetValues("Refresh").ShouldBe([$"0; url={file}"]);
        (await answered.Content.ReadAsStringAsync()).ShouldContain("Your download will start automatically");
        using var got = await ada.Get(file);
        (await got.Content.ReadAsStringAsync()).ShouldContain("liam@acme.example");
    }

    /// <summary>A browser saves whatever comes behind a link that says "download", and that may be the question.</summary>
    [Fact]
    public async Task No_link_saves_the_question_in_place_of_the_file()
    {
        using var ada = _site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        var (told, links) = (new List<string>(), 0);
        foreach (var (route, _) in BrowserRoutes().Where(r => IsPage(r.Endpoint)))
            foreach (var link in (await (await ada.Get(Path(route, "acme", "acme"))).Content.ReadAsStringAsync()).Split("<a ").Skip(1)
                .Select(l => l[..l.IndexOf('>')]))
            {
                if (link.Contains(".csv", StringComparison.Ordinal) || link.Contains(".jsonl", StringComparison.Ordinal)) links++;
                else continue;
                if (link.Replace("\"", " ", StringComparison.Ordinal).Split(' ').Contains("download"))
                    told.Add($"{route.RoutePattern.RawText}: {link}");
            }
        links.ShouldBeGreaterThan(6);
        told.ShouldBeEmpty(string.Join('\n', told));
    }

    [Fact]
    public async Task A_page_shows_the_list()
    {
        using var ada = _site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        (await ada.Get($"/o/{_ids["acme"]["orgId"]}/admins")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var page = WebUtility.HtmlDecode(await (await ada.Get($"/o/{_ids["acme"]["orgId"]}/permissions")).Content.ReadAsStringAsync());
        foreach (var row in StepUp.Rows.Append(StepUp.AsksItself))
        {
            page.ShouldContain(row.Words);
            page.ShouldContain(row.Why);
        }
    }
}
