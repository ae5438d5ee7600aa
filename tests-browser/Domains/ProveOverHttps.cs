using Microsoft.AspNetCore.Http;

namespace DirectoryPlatform.Tests.Browser.Domains;

/// <summary>What an admin sees of the look at a real web server, each refusal with its reason.</summary>
[Collection(OneLab.Name), Trait("Rule", "D6")]
public sealed class ProveOverHttps(Lab lab)
{
    [Fact]
    public Task A_page_that_contains_the_token_proves_the_domain() => Look(
        (token, http) => http.Response.WriteAsync($"<html><body>{token}</body></html>"),
        "web.test is verified.", "contains the token.", "answered 200");

    [Fact]
    public Task A_page_without_the_token_is_shown_as_it_was_read() => Look(
        (_, http) => http.Response.WriteAsync("Under construction"),
        "but the token is not in it", "Under construction", "Not verified");

    [Fact]
    public Task A_redirect_to_another_host_is_refused() => Look(
        (_, http) =>
        {
            http.Response.Redirect("https://attacker.test/directory-domain-verification.html");
            return Task.CompletedTask;
        },
        "redirects to https://attacker.test/directory-domain-verification.html. The page must be served by web.test itself",
            "Not verified");

    [Fact]
    public Task A_huge_page_is_refused() => Look(
        async (_, http) =>
        {
            for (var i = 0; i < 2000 && !http.RequestAborted.IsCancellationRequested; i++)
                await http.Response.WriteAsync(new string('x', 1024));
        },
        "more than 64 KiB", "too long for a page that contains only the token", "Not verified");

    [Fact]
    public Task A_page_that_never_ends_is_given_up() => Look(
        async (_, http) =>
        {
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.WriteAsync(".");
                await http.Response.Body.FlushAsync();
                await Task.Delay(200);
            }
        },
        $"answered, but was not finished after {Lab.GivenUpAfter} s", "Not verified");

    [Fact]
    public async Task Without_the_lab_setting_an_inner_address_is_never_dialled()
    {
        lab.Answer = (_, http) => http.Response.WriteAsync("never asked");
        var before = lab.Site.Requests;
        await using var installation = await Installation.StartLab("inner", [.. lab.Resolvers, .. lab.Https]);
        await Journey.Through(installation, async go =>
        {
            var admin = await go.Somebody();
            await Verify(admin, await admin.SignInAsAdmin("admin@lab.test"));
            await admin.Sees("web.test leads to 127.0.0.1, which is not a public address");
            await admin.Sees("Not verified");
        });
        lab.Site.Requests.ShouldBe(before);
    }

    Task Look(Func<string, HttpContext, Task> answer, params string[] sees) => Journey.Through(lab.Installation, async go =>
    {
        lab.Answer = answer;
        var admin = await go.Somebody();
        var home = await admin.SignInAsAdmin("admin@lab.test");
        await Verify(admin, home);
        foreach (var text in sees) await admin.Sees(text);

        await admin.Click("Remove");
        await admin.Click("Remove domain");
        await admin.Sees("web.test is removed.");
    });

    async Task Verify(IPage admin, string home)
    {
        await admin.AddDomain(home, "web.test");
        await admin.GetByRole(AriaRole.Link, new() { Name = "HTTPS" }).ClickAsync();
        await admin.Sees("https://web.test");
        lab.Token = (await admin.Locator("#copy-token").InnerTextAsync()).Split('=', 2)[1];
        // What is copied and the button beside it are one row.
        await Assertions.Expect(admin.Locator("[data-copy=copy-url]")).ToBeVisibleAsync();
        async Task<float> Height(string of) => (await admin.Locator(of).BoundingBoxAsync())!.Height;
        (await Height("#copy-url")).ShouldBe(await Height("[data-copy=copy-url]"), 0.5);
        var file = await admin.RunAndWaitForDownloadAsync(() => admin.Click("Download file"));
        (file.SuggestedFilename, await File.ReadAllTextAsync(await file.PathAsync()))
            .ShouldBe(("directory-domain-verification.html", $"directory-domain-verification={lab.Token}"));
        await admin.Click("Verify domain");
        await admin.Sees("Checked by HTTPS");
    }
}
