using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Shared;

namespace DirectoryPlatform.Tests.Web;

/// <summary>A detail that is new in <see cref="AccountDetail"/> is looked at here by itself, and what it still lacks is found.</summary>
[Trait("Rule", "M3")]
public sealed class EveryDetailOfProfiles : OnInstallation
{
    const string Password = "correct horse", Before = "Liam Novak";

    static string Sample(AccountDetail detail) => detail switch
    {
        AccountDetail.Phone => "+49 30 123",
        AccountDetail.TimeZone => "Europe/Berlin",
        AccountDetail.Language => "de-AT",
        _ => $"Some {detail}",
    };

    [Fact]
    public async Task Each_is_edited_on_the_page_shown_there_and_kept_in_its_own_column()
    {
        var details = Enum.GetValues<AccountDetail>();
        AccountDetails.All.Select(d => d.Detail).ShouldBe(details, ignoreOrder: true);
        DetailLabel.All.Select(w => w.Detail).ShouldBe(details, ignoreOrder: true);
        var liam = await Here.Account("liam@acme.example", Before);
        await Here.Grant(new GivePassword([liam], Password));
        await using var site = await WholeSite.On(Here);
        using var person = site.Somebody();
        await person.SignIn("liam@acme.example", Password);
        foreach (var detail in details)
            (await person.Post($"/account/details/{DetailLabel.Of(detail).Slug}", ("Seen", detail is AccountDetail.Name ? Before : ""),
                ("Value", Sample(detail)))).StatusCode.ShouldBe(HttpStatusCode.Redirect, $"{detail}");

        var page = WebUtility.HtmlDecode(await (await person.Get("/account")).Content.ReadAsStringAsync());
        var profile = await Here.Grant(new ReadProfile(liam, null, liam));
        foreach (var detail in details)
        {
            var (word, column) = (DetailLabel.Of(detail), AccountDetails.Of(detail).Column);
            var row = page[page.IndexOf($"id=\"detail-{word.Slug}\"", StringComparison.Ordinal)..];
            row = row[..row.IndexOf("</dd>", StringComparison.Ordinal)];
            row.ShouldContain($"<dt>{word.Label}</dt>");
            row.ShouldContain($"href=\"/account/details/{word.Slug}\"");
            row.ShouldContain($">{Sample(detail)}</span>");
            profile[detail].Value.ShouldBe(Sample(detail));
            var view = detail is AccountDetail.Name ? "v_account" : "v_profile";
            (await Here.Scalar<string>($"select {column} from accounts.{view}")).ShouldBe(Sample(detail), $"{view}.{column}");
        }
    }
}
