using System.Net;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Hygiene;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// Field names and ways back that no form of ours writes: answered as a mistake of the sender, never as ours, and nobody is signed in by
/// an answer that fails (SPEC S9).
/// </summary>
[Trait("Rule", "S9")]
public sealed class OddForms(OddForms.OneLiam one) : IClassFixture<OddForms.OneLiam>
{
    const string Password = "correct horse";

    readonly WholeSite _site = one.Site;

    /// <summary>
    /// For all cases: whoever is signed in by one of them has a session of his own, and none counts more than those it began itself.
    /// </summary>
    public sealed class OneLiam : IAsyncLifetime
    {
        internal TestInstallation Here { get; private set; } = null!;
        internal WholeSite Site { get; private set; } = null!;
        internal WholeSite Real { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Here = await TestInstallation.Fresh(nameof(OddForms));
            (Site, Real) = (await WholeSite.On(Here), await WholeSite.Listening(Here));
            await Here.Grant(new GivePassword([await Here.Account("liam@acme.example", "Liam")], Password));
        }

        public async Task DisposeAsync()
        {
            await Real.DisposeAsync();
            await Site.DisposeAsync();
            await Here.DisposeAsync();
        }
    }

    public static IEnumerable<object[]> Names() => ((string[])
    [
        "a[", "a]", "a[0", "[", "]", "[]", "a[]", "a[b", "a[b][", "Input[", "Input.Email[", "Input.Email[0", "Input[Email",
        "Input.Email.x", "Input[0].Email", "__proto__", "constructor", ".", "..", "Input.", "handler", "Input.index", "", " ", "\u202E",
        "é", "😀",
        "a[b]c[d", "Ticket[", "ReturnTo[", "returnTo[0", new('a', 300), new('[', 300), "Input." + new string('.', 300),
    ]).Select(name => new object[] { name });

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_odd_field_name_is_no_fault_of_ours_and_disturbs_no_sign_in(string name)
    {
        var before = await Sessions();
        using var liam = _site.Somebody();
        using var answer = await liam.Post("/sign-in", ("Input.Email", "liam@acme.example"), ("Input.Password", Password), (name, "1"));
        var status = (int)answer.StatusCode;
        if (status == 302) (await liam.Get("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
        else
        {
            status.ShouldBeInRange(400, 422, name);
            (await Sessions()).ShouldBe(before);
        }
        // In an address as well.
        ((int)(await _site.Somebody().Get($"/sign-in?{Uri.EscapeDataString(name)}=1")).StatusCode).ShouldBeLessThan(500);
    }

    [Fact]
    public async Task Thousands_of_fields_and_very_long_names_are_refused_and_nobody_is_signed_in()
    {
        var before = await Sessions();
        using var liam = _site.Somebody();
        (string, string)[] right = [("Input.Email", "liam@acme.example"), ("Input.Password", Password)];
        IEnumerable<(string, string)>[] odds =
        [
            Enumerable.Range(0, 5_000).Select(i => ($"f{i}", "1")), Enumerable.Repeat(("same", "1"), 5_000),
            [(new string('n', 5_000), "1")], [("value", new string('v', BodyLimit.ValueCharacters + 1))],
        ];
        foreach (var odd in odds)
        {
            using var answer = await liam.Post("/sign-in", [.. right, .. odd]);
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("cannot be read");
        }
        (await Sessions()).ShouldBe(before);
    }

    [Theory]
    [InlineData("/\u2044evil.example")]
    [InlineData("/\u2215evil.example")]
    [InlineData("/\uFF0Fevil.example")]
    [InlineData("/\u29F8evil.example")]
    [InlineData("/\uFF3Cevil.example")]
    [InlineData("/é")]
    [InlineData("/\u202Egpj")]
    [InlineData("/ /evil.example")]
    [InlineData("/\u00A0/evil.example")]
    public async Task A_way_back_that_is_no_address_leads_home_from_a_real_server_too(string returnTo)
    {
        LocalPath.OrHome(returnTo).ShouldBe("/");
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = one.Real.Address };
        var token = SiteVisitor.TokenOf(await browser.GetStringAsync("/sign-in"));
        using var answer = await browser.PostAsync("/sign-in", new FormUrlEncodedContent(
        [
            new("Input.Email", "liam@acme.example"), new("Input.Password", Password), new("returnTo", returnTo),
            new("__RequestVerificationToken", token),
        ]));
        (answer.StatusCode, answer.Headers.Location?.OriginalString).ShouldBe((HttpStatusCode.Redirect, "/"));
    }

    [Fact, Trait("Finding", "A12")]
    public async Task A_way_back_that_no_header_can_carry_leads_home_and_does_not_fail_after_the_session_was_begun()
    {
        // Only a real server refuses such a header.
        var network = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        using var browser = new SiteVisitor(network, address: one.Real.Address);
        const string Nowhere = "/\u2044evil.example";
        using var answer = await browser.Post("/sign-in", ("Input.Email", "liam@acme.example"), ("Input.Password", Password),
            ("returnTo", Nowhere));
        var begun = await Sessions();
        (answer.StatusCode, answer.Headers.Location?.OriginalString)
            .ShouldBe((HttpStatusCode.Redirect, "/"), $"{begun} sessions were begun");
    }

    Task<long> Sessions() => one.Here.Scalar<long>("select count(*) from security.session");
}
