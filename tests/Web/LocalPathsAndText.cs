using DirectoryPlatform.Web.Dialogs;
using DirectoryPlatform.Web.Hygiene;
using DirectoryPlatform.Web.Permissions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace DirectoryPlatform.Tests.Web;

[Trait("Spec", "S9")]
public sealed class LocalPathsAndText
{
    [Theory]
    [InlineData("/o/1/members?q=a%20b", "/o/1/members?q=a%20b")]
    [InlineData("/", "/")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("\\\\evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("/\n/evil.example", "/")]
    [InlineData("/a/../\\evil.example", "/")]
    [InlineData(" /x", "/")]
    [InlineData("~/x", "/")]
    public void A_sign_in_leads_back_to_a_path_of_ours_and_nowhere_else(string? given, string used) =>
        LocalPath.OrHome(given).ShouldBe(used);

    [Fact]
    public void A_path_that_is_no_page_of_ours_for_its_length_leads_home() => LocalPath.OrHome("/" + new string('a', 5000)).ShouldBe("/");

    [Theory]
    [InlineData("/o/1/members?q=a", true)]
    [InlineData("//evil.example", false)]
    [InlineData("/\\evil.example", false)]
    [InlineData("https://evil.example/", false)]
    public void A_dialog_is_told_of_no_redirect_that_the_page_would_not_have_made(string to, bool isTold)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers["X-Dialog"] = "true";
        var given = new LocalRedirectResult(to);
        var context = new ResultExecutingContext(new(http, new(), new()), [], given, this);
        new Dialog.Redirects(new DialogPages(new MappedRoutes())).OnResultExecuting(context);
        (http.Response.Headers.ContainsKey("X-Dialog-Path"), context.Result == given).ShouldBe((isTold, !isTold));
    }

    /// <param name="units">UTF-16 code units in hex: half a character cannot be written into an attribute.</param>
    [Theory]
    [InlineData("", true)]
    [InlineData("005A 00EB 540D", true)]
    [InlineData("D83D DE00", true)]
    [InlineData("0061 0000 0062", false)]
    [InlineData("D83D", false)]
    [InlineData("DE00", false)]
    [InlineData("DE00 D83D", false)]
    [InlineData("0078 D83D 0079", false)]
    public void Text_holds_no_nul_and_no_half_of_a_character(string units, bool text) =>
        BadInput.IsText(string.Concat(units.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(u => (char)Convert.ToInt32(u, 16))))
            .ShouldBe(text);

    [Fact]
    public void What_was_not_sent_is_no_bad_text() => BadInput.IsText(null).ShouldBeTrue();
}
