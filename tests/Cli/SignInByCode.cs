using System.Net;
using System.Text.RegularExpressions;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Cli;

/// <summary>From a terminal to the browser and back (SPEC P9).</summary>
[Trait("Rule", "P9")]
public sealed partial class SignInByCode : OnCommandLine
{
    const string Password = "violet lantern orbit";

    async Task<SiteVisitor> Admin()
    {
        await Here.Grant(new GivePassword([Ada], Password));
        var browser = new SiteVisitor(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }, address: Listening.Address);
        await browser.SignIn("ada@acme.example", Password);
        return browser;
    }

    [Theory]
    [InlineData("allow"), InlineData("refuse"), InlineData("")]
    public async Task An_admin_reads_the_code_types_it_and_decides(string answer)
    {
        using var browser = await Admin();
        using var program = Begin("directory sign-in \"$ADDRESS\" --scopes accounts:read jobs:read");
        var shown = "";
        while (!Code().IsMatch(shown))
            shown += (await program.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)))
                .ShouldNotBeNull($"it ended and said {shown}") + "\n";
        shown.ShouldContain("/device");
        var (code, page) = (Code().Match(shown).Value, $"/o/{Acme}/api-keys/confirm");
        (await browser.Get("/device")).Headers.Location!.OriginalString.ShouldBe(page);

        var seen = await (await browser.Post(page, ("Input.Code", code.ToLowerInvariant().Replace("-", " ")))).Content.ReadAsStringAsync();
        WebUtility.HtmlDecode(seen).ShouldSatisfyAllConditions(
            s => s.ShouldContain($"directory {ProductVersion.Number} on {Environment.MachineName}"), s => s.ShouldContain("127.0.0.1"),
            s => s.ShouldContain("accounts:read"), s => s.ShouldNotContain("users:manage"), s => s.ShouldContain("Did you start this"),
            s => s.ShouldNotContain(" checked"));
        seen.IndexOf("value=\"refuse\"", StringComparison.Ordinal)
            .ShouldBeLessThan(seen.IndexOf("value=\"allow\"", StringComparison.Ordinal), "what Enter sends");
        (await browser.Post($"{page}?handler=Answer", ("Input.Code", code), ("Input.Scopes", "jobs:read"), ("Input.Answer", answer)))
            .StatusCode.ShouldBe(HttpStatusCode.Redirect);

        var errors = await program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        if (answer != "allow")
        {
            (program.ExitCode, File.Exists(Kept)).ShouldBe((1, false), errors);
            errors.ShouldEndWith("An admin refused the request in the browser.\n");
            (await Here.Scalar<long>("select count(*) from security.api_key where name like 'directory %'")).ShouldBe(0);
            return;
        }
        program.ExitCode.ShouldBe(0, errors);
        (await Run("directory jobs list")).Exit.ShouldBe(0);
        (await Run("directory people list")).Exit.ShouldBe(1, "it was not granted");
        Here.Clock.Pass(TimeSpan.FromDays(1.01));
        (await Run("directory jobs list")).Exit.ShouldBe(3, "a day has passed");
    }

    [GeneratedRegex("[B-Z]{4}-[B-Z]{4}")]
    private static partial Regex Code();
}
