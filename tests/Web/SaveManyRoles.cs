using System.Net;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>One form saves a person's roles on all sites, however many there are (SPEC U13).</summary>
[Trait("Rule", "U13")]
public sealed class SaveManyRoles : OnSite
{
    const string Password = "violet lantern orbit";
    const int Places = 5_000;

    /// <summary>As the form has them: what it showed, and what is chosen.</summary>
    static IEnumerable<(string, string)> Unchanged(int places) => Enumerable.Range(0, places).Select(_ => $"{Guid.NewGuid()}/jira")
        .SelectMany(place => new[] { ($"seen[{place}]", "user"), ($"role[{place}]", "user") });

    [Theory, InlineData(0), InlineData(599), InlineData(Places)]
    public async Task One_role_among_thousands_that_stay_is_saved(int others)
    {
        var liam = await User("liam@acme.example", Site, JiraUser);
        await Here.Grant(new GivePassword([Ada], Password));
        await using var node = await WholeSite.On(Here);
        using var ada = node.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        var form = $"/o/{Acme}/users/{liam}";
        using var saved = await ada.Send($"{form}/access", await ada.Token(form),
            [.. Unchanged(others), ($"seen[{Site}/trello]", ""), ($"role[{Site}/trello]", "user")]);
        saved.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await Enters(liam, "trello")).Value.ShouldBe(AppRole.User);

        // Other forms take no more than before, and this one has its end, too.
        using var elsewhere = await ada.Send($"/o/{Acme}/groups/new", await ada.Token($"/o/{Acme}/groups/new"),
            [.. Unchanged(601), ("Input.Name", "Many")]);
        elsewhere.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_is_no_form_or_names_no_place_is_refused_and_not_an_error()
    {
        var liam = await User("liam@acme.example", Site, JiraUser);
        await Here.Grant(new GivePassword([Ada], Password));
        await using var node = await WholeSite.On(Here);
        using var ada = node.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        var (form, path) = ($"/o/{Acme}/users/{liam}", $"/o/{Acme}/users/{liam}/access");
        var token = await ada.Token(form);
        foreach (var (name, value) in (IReadOnlyList<(string, string)>)[("role[]", "user"), ("role[x]", "user"), ("role[/]", "user"),
            ($"role[{Guid.NewGuid()}/jira]", "user"), ($"role[{Site}/none]", "user")])
        {
            using var refused = await ada.Send(path, token, (name, value));
            ((int)refused.StatusCode).ShouldBeOneOf([302, 404], name);
        }
        using var king = await ada.Send(path, token, ($"role[{Site}/jira]", "king"));
        king.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var json = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent(token) };
        json.Headers.Add("RequestVerificationToken", token);
        using var answer = await ada.Client.SendAsync(json);
        ((int)answer.StatusCode).ShouldBeLessThan(500);
        (await Enters(liam)).Value.ShouldBe(AppRole.User);

        // What is no role of a group revokes nothing either.
        var group = await Group("Developers");
        var access = $"/o/{Acme}/groups/{group}?handler=Access";
        foreach (var role in (string[])["king", "Admin", "user,admin"])
        {
            using var refused = await ada.Send(access, token, ("place", $"{Site}/jira"), ("role", role));
            refused.StatusCode.ShouldBe(HttpStatusCode.Redirect, role);
            (await Here.Grant(new ReadGroup(Acme, group))).Access.ShouldHaveSingleItem(role).Role.ShouldBe(AppRole.User);
        }
        using var revoked = await ada.Send(access, token, ("place", $"{Site}/jira"));
        (await Here.Grant(new ReadGroup(Acme, group))).Access.ShouldBeEmpty();
    }

    static StringContent JsonContent(string token) =>
        new($$"""{"role":"user","__RequestVerificationToken":"{{token}}"}""", System.Text.Encoding.UTF8, "application/json");
}
