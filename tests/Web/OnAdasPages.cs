using System.Net;
using System.Text.RegularExpressions;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The pages of a node, as the organization's admin sees them, who is signed in.</summary>
public abstract class OnAdasPages : OnSite
{
    private protected const string Password = "violet lantern orbit";

    private protected WholeSite Node { get; private set; } = null!;
    private protected SiteVisitor AdasVisitor { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Here.Grant(new GivePassword([Ada], Password));
        Node = await WholeSite.On(Here);
        AdasVisitor = Node.Somebody();
        await AdasVisitor.SignIn("ada@acme.example", Password);
    }

    public override async Task DisposeAsync()
    {
        AdasVisitor.Dispose();
        await Node.DisposeAsync();
        await base.DisposeAsync();
    }

    private protected async Task<string> Page(string path)
    {
        using var answer = await AdasVisitor.Get(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return await Text(answer);
    }

    /// <summary>With one space for each white space.</summary>
    private protected static async Task<string> Text(HttpResponseMessage answer) =>
        Regex.Replace(WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), @"\s+", " ");
}
