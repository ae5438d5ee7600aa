using System.Net;
using System.Text;
using DirectoryPlatform.Tests.Browser.Pages;

namespace DirectoryPlatform.Tests.Browser.Hygiene;

/// <summary>What no browser sends, and what people paste. Whatever it is, the answer is a page in words.</summary>
[Collection(SharedDemo.Name), Trait("Rule", "S9")]
public sealed class TypeNonsense(Furnished demo)
{
    readonly Stops _stops = demo.Stops;

    const int Megabyte = 1024 * 1024;

    /// <summary>Already encoded for a form, since half a character cannot be written down otherwise.</summary>
    static readonly (string Name, string Encoded)[] Nonsense =
    [
        ("a NUL", "a%00b"), ("half a character", "%ED%A0%80"), ("no UTF-8", "%FF%FE%80"), ("no encoding", "%zz%"),
        ("control characters", "%01%1B%5B31m%07"),
        ("a line break", "a%0D%0ABcc:%20all@test"), ("right to left", "%E2%80%AEgpj.exe"), ("5 MB of a", new string('a', 5 * Megabyte)),
        ("5 MB of spaces", new string('+', 5 * Megabyte)),
        ("100,000 of them", string.Concat(Enumerable.Repeat("%CD%84", 20_000))),
    ];

    /// <summary>Where text of any kind is none of it: each label could be one of a name, and the name could not.</summary>
    static readonly (string Name, string Encoded)[] OfUrls =
        [("a host of 300 characters", $"https://{string.Concat(Enumerable.Repeat($"{new string('a', 49)}.", 6))}example")];

    static readonly (string Path, string[] Fields)[] Forms =
    [
        ("/sign-in", ["Input.Email"]), ("/sign-up", ["Input.Name", "Input.Email"]), ("/verify-email", ["token", "Input.Password"]),
        ("/forgot-password", ["Input.Email"]), ("/reset-password?token={reset}", ["token"]),
        ("/account/password", ["Input.Current", "Input.Password"]), ("/account/two-step/set-up", ["Input.Enrolment", "Input.Code"]),
        ("/demo/dns", ["Input.Name", "Input.Type", "Input.Value"]),
        ("/o/{acme}/domains/add", ["Input.Name"]), ("/o/{acme}/domains/{acme.example}/remove", ["Input.SeenVersion"]),
        ("/o/{acme}/domains/{acme.example}/claim", ["Input.Files"]),
        ("/o/{acme}/members/{liam}/details/location", ["Value", "Seen"]), ("/o/{acme}/members/{liam}/email", ["Input.Email"]),
        ("/confirm-email", ["token", "Input.Password"]), ("/keep-email", ["token"]), ("/take-email-back", ["token"]),
        ("/account/api-tokens", ["Input.Label", "Input.Days"]), ("/o/{acme}/admins/appoint", ["Input.Email"]),
        ("/o/{acme}/api-keys/confirm", ["Input.Code"]),
        ("/o/{acme}/api-keys/new", ["Input.Name", "Input.Scopes", "Input.Days"]),
        ("/o/{acme}/single-sign-on",
            ["Input.Way", "Input.Url", "Input.EntityId", "Input.SignInAddress", "Input.Metadata", "Input.Certificates"]),
        ("/o/{acme}/identity-providers/{directory}/remove", ["Input.TypedName"]),
        ("/o/{acme}/groups/new", ["Input.Description"]), ("/o/{acme}/sites/new", ["Input.Name", "Input.Url"]),
        ("/s/{site}/users/invite", ["Input.Emails", "Input.Note"]),
        ("/o/{acme}/claims/{draft}/new-accounts", ["automatic"]), ("/o/{acme}/domains/{acme.example}/exclusions", ["Input.Email"]),
        ("/o/{acme}/bulk/{bulk-delete}", ["Input.Typed"]), ("/o/{acme}/domains/{acme.example}?handler=Verify", ["__unknown"]),
    ];

    [Fact]
    public async Task Nonsense_in_a_form_is_refused_in_words_and_changes_nothing()
    {
        using var ada = await Visitor.SignedIn(_stops.Installation, "ada@acme.example");
        var before = await _stops.Fingerprint();
        var (told, turn) = (new List<string>(), 0);
        var token = Uri.EscapeDataString(await ada.Token("/demo/dns"));
        foreach (var (template, fields) in Forms.Where(f => !f.Path.Contains("handler", StringComparison.Ordinal)))
        {
            var path = _stops.Path(template);
            foreach (var field in fields)
            {
                // What is long costs its length: whole, all of it in every field; small, one of it in each, in turn.
                var large = Nonsense.Where(n => n.Encoded.Length >= 100_000).ToList();
                var some = Proof.Whole ? large : [large[turn++ % large.Count]];
                foreach (var (name, encoded) in Nonsense.Except(large).Concat(some).Concat(field is "Input.Url" ? OfUrls : []))
                {
                    using var body = new StringContent(
                        $"__RequestVerificationToken={token}&Input.Which=file{With(field)}&{field}={encoded}", Encoding.ASCII,
                        "application/x-www-form-urlencoded");
                    using var answer = await ada.Client.PostAsync(path, body);
                    var said = await answer.Content.ReadAsStringAsync();
                    if ((int)answer.StatusCode is not (400 or 413 or 422 or 429) || !said.Contains("</h1>", StringComparison.Ordinal))
                        told.Add($"{template} {field} with {name}: {(int)answer.StatusCode} {answer.Headers.Location}");
                }
            }
        }
        told.ShouldBeEmpty(string.Join('\n', told));
        (await _stops.Fingerprint()).ShouldBe(before);
    }

    /// <summary>The way of a form with several ways in which the field counts; without it another would be refused in its place.</summary>
    static string With(string field) => field switch
    {
        "Input.Url" => "&Input.Way=url",
        "Input.Metadata" => "&Input.Way=file",
        "Input.EntityId" or "Input.SignInAddress" or "Input.Certificates" => "&Input.Way=manual",
        _ => "",
    };

    [Fact]
    public async Task Nonsense_in_an_address_is_a_page()
    {
        using var ada = await Visitor.SignedIn(_stops.Installation, "ada@acme.example");
        var told = new List<string>();
        foreach (var (name, encoded) in Nonsense.Where(n => n.Encoded.Length < 100_000))
        {
            // A server refuses the head of a request at 32 KB.
            var some = encoded.Length > 4000 ? encoded[..3996] : encoded;
            foreach (var path in (string[])["/o/{acme}/members?q=", "/o/{acme}/members?at=", "/o/{acme}/members?status=",
                "/o/{acme}/members?domain=", "/o/{acme}/members?size=", "/o/{acme}/members?sort=",
                "/o/{acme}/identity-providers/{directory}?at=", "/demo/mail?to=", "/verify-email?token=", "/reset-password?token=",
                "/sign-in?returnTo=", "/o/{acme}/domains/{acme.example}?method="])
            {
                using var answer = await ada.Get(_stops.Path(path) + some);
                if ((int)answer.StatusCode is not (200 or 302 or 400 or 422)) told.Add($"{path} with {name}: {(int)answer.StatusCode}");
            }
        }
        told.ShouldBeEmpty(string.Join('\n', told));
    }

    [Theory]
    [InlineData("a\u0007larm.test")]
    [InlineData("аcme.com")] // the first letter is Cyrillic
    [InlineData("ａｃｍｅ.com")]
    [InlineData("acme。com")]
    [InlineData("ac­me.com")]
    [InlineData("acme.com/path")]
    [InlineData("-acme.com")]
    [InlineData("acme..com")]
    public async Task A_domain_name_that_could_deceive_is_refused_and_stays_in_its_field(string name)
    {
        using var ada = await Visitor.SignedIn(_stops.Installation, "ada@acme.example");
        var before = await _stops.Fingerprint();
        using var answer = await ada.Post(_stops.Path("/o/{acme}/domains/add"), ("Input.Name", name));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("input-name-error");
        WebUtility.HtmlDecode(page).ShouldContain($"value=\"{name}\"");
        (await _stops.Fingerprint()).ShouldBe(before);
    }

    [Theory]
    [InlineData(5, HttpStatusCode.Redirect)]
    [InlineData(6, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_file_of_nothing_is_read_up_to_its_limit(int megabytes, HttpStatusCode expected)
    {
        using var ada = await Visitor.SignedIn(_stops.Installation, "ada@acme.example");
        var path = _stops.Path("/o/{acme}/domains/{acme.example}/claim");
        using var answer = await ada.PostFile(path, new byte[megabytes * Megabyte]);
        using var lines = await ada.PostFile(path, Encoding.ASCII.GetBytes(new string('\n', megabytes * Megabyte)));
        foreach (var one in (HttpResponseMessage[])[answer, lines])
        {
            ((int)one.StatusCode).ShouldBeOneOf((int)expected, 422, 400);
            if (megabytes == 6) one.StatusCode.ShouldBe(expected);
        }
    }

    [Fact]
    public async Task What_was_typed_is_still_there_after_a_refusal_except_the_password()
    {
        using var visitor = new Visitor(_stops.Installation.Address);
        using var answer = await visitor.Post("/sign-up", ("Input.Name", "Nora \"<b>New</b>\""), ("Input.Email", "no address"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await answer.Content.ReadAsStringAsync();
        WebUtility.HtmlDecode(page).ShouldContain("value=\"no address\"");
        page.ShouldContain("Nora &quot;&lt;b&gt;New&lt;/b&gt;&quot;");
        using var refused = await visitor.Post("/sign-in", ("Input.Email", "nobody@mail.example"), ("Input.Password", "a secret one"));
        page = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync());
        page.ShouldContain("value=\"nobody@mail.example\"");
        page.ShouldNotContain("a secret one");
    }
}
