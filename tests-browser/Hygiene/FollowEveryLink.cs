using System.Net;
using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Browser.Pages;

namespace DirectoryPlatform.Tests.Browser.Hygiene;

/// <summary>A link of ours leads somewhere, whoever follows it (SPEC L4): nobody is shown a way to "Page not found".</summary>
[Collection(SharedDemo.Name), Trait("Rule", "L4")]
public sealed partial class FollowEveryLink(Furnished demo, FollowEveryLink.Unclaimed before) : IClassFixture<FollowEveryLink.Unclaimed>
{
    /// <summary>Of addresses that differ in ids, queries and fragments alone so many are followed.</summary>
    static readonly int Alike = Proof.Size(3, 25);

    readonly Stops _stops = demo.Stops;

    [Theory]
    [InlineData("ada@acme.example", 60)] // administers organizations
    [InlineData("liam@acme.example", 8)] // managed
    [InlineData(null, 4)]
    public Task Leads_to_a_page(string? email, int least) => Crawl(_stops.Installation, email, least);

    /// <summary>In a demo where nothing is claimed yet, so that the log speaks of people who are not managed.</summary>
    [Theory]
    [InlineData("ada@acme.example", 40)]
    [InlineData("jane@acme.example", 12)] // administers a site
    [InlineData("jane@mail.example", 8)] // external
    public Task Leads_to_a_page_before_anybody_is_claimed(string email, int least) => Crawl(before.Installation, email, least);

    /// <summary>A demo as it is made, but for who administers a site; nobody who follows links changes it.</summary>
    public sealed class Unclaimed : IAsyncLifetime
    {
        public Installation Installation { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Installation = await Installation.Start("links", demo: true);
            using var ada = await Visitor.SignedIn(Installation, "ada@acme.example");
            var site = await Installation.Query(
                "select '/o/' || organization_id || '/sites/' || id from sites.site where url = 'https://engineering.acme.example'");
            using var done = await ada.Post($"{site}?handler=Appoint", ("Input.Email", "jane@acme.example"), $"{site}");
            done.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }

        public async Task DisposeAsync() => await Installation.DisposeAsync();
    }

    static async Task Crawl(Installation installation, string? email, int least)
    {
        using var visitor = email is null ? new Visitor(installation.Address) : await Visitor.SignedIn(installation, email);
        var (seen, shapes, waiting, dead) = (new HashSet<string>(), new Dictionary<string, int>(), new Queue<(string To, string From)>(),
            new List<string>());
        foreach (var first in (string[])["/", "/sign-in"]) Follow(first, "");
        while (waiting.TryDequeue(out var link))
        {
            using var answer = await visitor.Client.GetAsync(link.To, HttpCompletionOption.ResponseHeadersRead);
            if (answer.StatusCode is >= HttpStatusCode.BadRequest) dead.Add($"{(int)answer.StatusCode} {link.To}, on {link.From}");
            else if (answer.Headers.Location is { } on) Follow(on.OriginalString, link.To);
            else if (answer.Content.Headers.ContentType?.MediaType == "text/html")
                foreach (Match m in Links().Matches(await answer.Content.ReadAsStringAsync()))
                    Follow(WebUtility.HtmlDecode(m.Groups["to"].Value), link.To);
        }
        dead.ShouldBeEmpty(string.Join('\n', dead));
        shapes.Count.ShouldBeGreaterThanOrEqualTo(least, "a visitor who sees no pages finds no fault");

        void Follow(string to, string from)
        {
            var path = to.Split('#')[0];
            if (!path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal) || !seen.Add(path)) return;
            // Of a demo's own page that lists mails, the links are those of mails, and are good once.
            if (path.StartsWith("/demo/mail", StringComparison.Ordinal)) return;
            var shape = Ids().Replace(Query().Replace(path, ""), "*");
            shapes[shape] = shapes.GetValueOrDefault(shape) + 1;
            if (shapes[shape] <= Alike) waiting.Enqueue((path, from));
        }
    }

    [GeneratedRegex(@"<(?:a|details)\b[^>]*?\s(?:href|hx-get)=""(?<to>[^""]*)""")]
    private static partial Regex Links();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Ids();

    /// <summary>The names of a query without its values.</summary>
    [GeneratedRegex(@"(?<=\?.*)=[^&]*|\?(?=$)")]
    private static partial Regex Query();
}
