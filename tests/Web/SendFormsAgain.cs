using System.Net;
using System.Text.RegularExpressions;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Forms that stand in the answer to another button of theirs, where a form without an action would be sent to that button's
/// handler, and forms of a page as it was once.</summary>
public sealed class SendFormsAgain : OnInstallation
{
    const string Password = "violet lantern orbit";

    WholeSite _site = null!;
    SiteVisitor _visitor = null!;
    OrganizationId _acme;
    AccountId _ada;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _site = await WholeSite.On(Here);
        _acme = await Here.Organization("acme");
        _ada = await Here.Admin(_acme, "ada@acme.example");
        await Here.Grant(new GivePassword([_ada], Password));
        _visitor = _site.Somebody();
        await _visitor.SignIn("ada@acme.example", Password);
    }

    public override async Task DisposeAsync()
    {
        _visitor.Dispose();
        await _site.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <returns>Where a browser sends the form with this mark, which it shows at that address.</returns>
    static string Target(string page, string mark, string at)
    {
        var form = Regex.Matches(page, "<form[^>]*>").Single(f => f.Value.Contains(mark, StringComparison.Ordinal)).Value;
        return Regex.Match(form, " action=\"([^\"]+)\"") is { Success: true } named ? named.Groups[1].Value : at;
    }

    static async Task<string> Said(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());

    [Fact, Trait("Rule", "U3")]
    public async Task Who_changes_the_site_invites_to_it_and_is_told_to_choose_the_files_again()
    {
        var first = await Here.Grant(new CreateSite(_acme, "Team", "https://team.acme.example", By(_ada)));
        var second = await Here.Grant(new CreateSite(_acme, "Other", "https://other.acme.example", By(_ada)));
        var show = $"/s/{second}/users/invite?handler=Show";
        using var sent = new MultipartFormDataContent
        {
            { new StringContent("new@mail.example"), "Input.Emails" },
            { new ByteArrayContent("email"u8.ToArray()), "Input.Files", "people.csv" },
            { new StringContent(await _visitor.Token($"/s/{first}/users/invite")), "__RequestVerificationToken" },
        };
        using var answer = await _visitor.Client.PostAsync(show, sent);
        var page = await Said(answer);
        page.ShouldContain("new@mail.example", customMessage: "what was typed is kept");
        page.ShouldContain("Choose the CSV files again.");
        using var invited = await _visitor.Post(Target(page, "class=\"invite\"", show), ("Input.Emails", "new@mail.example"));
        (await Said(invited)).ShouldContain("1 invited by email.");
        using var without = await _visitor.Post(show, ("Input.Emails", "new@mail.example"));
        (await Said(without)).ShouldNotContain("Choose the CSV files again.");
    }

    [Fact, Trait("Rule", "S5")]
    public async Task Who_has_seen_what_a_policy_would_do_saves_it()
    {
        var policy = await Here.Grant(new CreatePolicy(_acme, PolicyDraft.Initial with { Name = "Staff" }, By(_ada)));
        var view = await Here.Grant(new ReadPolicy(_acme, policy));
        var path = $"/o/{_acme}/policies/{policy}";
        var preview = $"{path}?handler=Preview";
        (string, string)[] typed =
        [
            ("Input.Seen", $"{view.Version}"), ("Input.Name", "Everybody here"), ("Input.Billable", "true"), ("Input.Password", "2"),
            ("Input.PasswordReuse", "3"), ("Input.Idle", "60"), ("Input.IdleUnit", "minutes"), ("Input.Life", "5"),
            ("Input.LifeUnit", "days"),
        ];
        using var previewed = await _visitor.Send(preview, await _visitor.Token(path), typed);
        var page = await Said(previewed);
        page.ShouldContain("Everybody here");
        page.ShouldContain("0 accounts are in this policy.");
        using var saved = await _visitor.Send(Target(page, "id=\"settings\"", preview), await _visitor.Token(path), typed);
        saved.StatusCode.ShouldBe(HttpStatusCode.Redirect, await Said(saved));
        (await Here.Grant(new ReadPolicy(_acme, policy))).Settings.Name.ShouldBe("Everybody here");
    }

    [Fact, Trait("Rule", "U1")]
    public async Task A_form_that_the_page_of_the_sites_had_once_changes_nothing()
    {
        await Here.Grant(new ChooseExperience(_acme, Experience.Original, By(_ada)));
        using var stale = await _visitor.Post($"/o/{_acme}/sites?handler=Rename", ("Input.Name", "Acme"));
        stale.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Said(stale)).ShouldContain("Choose one of the two.");
        (await Here.Send(new ReadOrganizations([_acme]))).Single().Experience.ShouldBe(Experience.Original);
        using var chosen = await _visitor.Post($"/o/{_acme}/sites", ("experience", "centralized"));
        chosen.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Here.Send(new ReadOrganizations([_acme]))).Single().Experience.ShouldBe(Experience.Centralized);
    }
}
