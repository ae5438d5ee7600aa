using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Which program this is, wherever somebody looks for it (SPEC R12).</summary>
[Trait("Rule", "R12")]
public sealed class TellTheVersion : OnApi
{
    [Fact]
    public async Task The_console_the_pages_and_the_document_name_the_same()
    {
        ProductVersion.Words.ShouldStartWith(ProductVersion.Number);
        var (exit, said) = await HostProcess.Run(["--version"]);
        (exit, said.Trim()).ShouldBe((0, ProductVersion.Words));
        (await Document())["info"]!["version"]!.GetValue<string>().ShouldBe(ProductVersion.Number);
        await Here.Grant(new GivePassword([Ada], "violet lantern orbit"));
        using var browser = Site.Somebody();
        await browser.SignIn("ada@acme.example", "violet lantern orbit");
        (await (await browser.Get($"/o/{Acme}/api-keys")).Content.ReadAsStringAsync())
            .ShouldContain($"title=\"{ProductVersion.Words}\">DirectoryPlatform {ProductVersion.Number}<");
        using var stranger = Site.Somebody();
        (await (await stranger.Get("/sign-in")).Content.ReadAsStringAsync()).ShouldNotContain(ProductVersion.Number);
    }
}
