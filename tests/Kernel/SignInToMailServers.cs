using System.Net;
using System.Net.Sockets;
using DirectoryPlatform.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Encryption from the first byte, access tokens, and what is the fault of no mail (SPEC R8).</summary>
[Trait("Rule", "R8")]
public sealed class SignInToMailServers : OnInstallation
{
    const string Mailbox = "no-reply@directory.test";

    static MailSending Sending(TestInstallation node) => node.Services.GetServices<IHostedService>().OfType<MailSending>().Single();

    TestInstallation NodeWith(MailSettings settings) => Here.AnotherNode(s => s.AddSingleton(settings));

    MailSettings ByToken(MailServer server, TokenGiver tokens, string? refresh = null) => new()
    {
        Host = "localhost",
        Port = server.Port,
        StartTls = false,
        User = Mailbox,
        From = Mailbox,
        OAuth2 = new(tokens.Url, "the client", "the secret", refresh is null ? "mail.send" : null, refresh),
    };

    Task Queue(params string[] to) => Here.Services.GetRequiredService<MailQueue>()
        .Send([.. to.Select(address => new OutgoingMail(address, "A subject", "Some words."))], CancellationToken.None);

    Task Due() => Here.Scalar<int>("update kernel.mail set next_at = now() - interval '1 minute', failure = null returning 1");

    async Task<(int Attempts, string? Failure)> Waiting() =>
        (await Here.Rows<(int, string?)>("select attempts, failure from kernel.mail where sent_at is null and undeliverable_at is null"))
            .ShouldHaveSingleItem();

    [Theory]
    [InlineData(null, "client_credentials"), InlineData("the refresh token", "refresh_token")]
    public async Task An_access_token_takes_the_place_of_a_password_until_it_expires(string? refresh, string grant)
    {
        using var server = MailServer.Start(Mailbox, "token 1");
        await using var tokens = await TokenGiver.Start(n => (200, $$"""{"access_token":"token {{n}}","expires_in":3600}"""));
        await using var node = NodeWith(ByToken(server, tokens, refresh));
        foreach (var person in (string[])["liam", "grace"])
        {
            await Queue($"{person}@acme.example");
            await Sending(node).SendSome(CancellationToken.None);
        }
        server.Mails.Select(m => (m.To.Single(), m.SignedIn)).ShouldBe([("liam@acme.example", true), ("grace@acme.example", true)]);
        server.Tokens.ShouldBe(Enumerable.Repeat($"user={Mailbox}|auth=Bearer token 1||", 2));
        var asked = tokens.Asked.ShouldHaveSingleItem("one token lasts for both");
        (asked["grant_type"], asked["client_id"], asked["client_secret"]).ShouldBe((grant, "the client", "the secret"));
        (asked.GetValueOrDefault("scope"), asked.GetValueOrDefault("refresh_token"))
            .ShouldBe((refresh is null ? "mail.send" : null, refresh));
        server.Stop();
        server.Start("token 2");
        Here.Clock.Pass(TimeSpan.FromMinutes(59));
        await Queue("nora@acme.example");
        await Sending(node).SendSome(CancellationToken.None);
        (tokens.Asked.Count, await Here.Scalar<long>("select count(*) from kernel.mail where sent_at is not null")).ShouldBe((2, 3L));
    }

    [Fact]
    public async Task A_refresh_token_that_is_given_anew_takes_the_place_of_the_old_one()
    {
        using var server = MailServer.Start(Mailbox, "token");
        await using var tokens = await TokenGiver.Start(n => (200, n == 2
            ? """{"access_token":"token","expires_in":60}"""
            : $$"""{"access_token":"token","expires_in":60,"refresh_token":"refresh {{n}}"}"""));
        await using var node = NodeWith(ByToken(server, tokens, "the first"));
        foreach (var person in (string[])["liam", "grace", "nora", "eve"])
        {
            await Queue($"{person}@acme.example");
            await Sending(node).SendSome(CancellationToken.None);
        }
        server.Mails.Count.ShouldBe(4);
        tokens.Asked.Select(form => form["refresh_token"]).ShouldBe(["the first", "refresh 1", "refresh 1", "refresh 3"]);
    }

    [Fact]
    public async Task A_token_that_is_not_taken_and_one_that_is_not_given_use_up_no_tries()
    {
        using var server = MailServer.Start(Mailbox, "token 2");
        var answers = new Queue<(int, string)>([(200, """{"access_token":"token 1","expires_in":3600}"""),
            (401, """{"error":"invalid_client","error_description":"The secret has expired."}"""), (200, "{}"), (502, "<html>"),
            (200, """{"access_token":"token 2"}""")]);
        await using var tokens = await TokenGiver.Start(_ => answers.Dequeue());
        await using var node = NodeWith(ByToken(server, tokens));
        await Queue("liam@acme.example");
        foreach (var words in (string[])["535", "401 invalid_client The secret has expired.", "gave no token", "502"])
        {
            await Sending(node).SendSome(CancellationToken.None);
            var (attempts, failure) = await Waiting();
            (attempts, server.Mails.Count).ShouldBe((0, 0));
            failure.ShouldNotBeNull().ShouldContain(words);
            failure.ShouldNotContain("the secret", Case.Sensitive);
            await Due();
        }
        await Sending(node).SendSome(CancellationToken.None);
        server.Mails.ShouldHaveSingleItem().To.ShouldBe(["liam@acme.example"]);
    }

    [Theory]
    [InlineData("application/json; charset=nowhere", """{"access_token":"token"}""")]
    [InlineData("application/json", """{"access_token":["token"]}"""), InlineData("application/json", "{")]
    [InlineData("application/json", """{"access_token":"token","expires_in":"1e99"}""")]
    public async Task A_token_in_an_answer_that_cannot_be_read_uses_up_no_tries(string type, string answer)
    {
        using var server = MailServer.Start(Mailbox, "token");
        await using var tokens = await TokenGiver.Start(_ => (200, answer), type);
        await using var node = NodeWith(ByToken(server, tokens));
        await Queue("liam@acme.example");
        await Sending(node).SendSome(CancellationToken.None);
        var (attempts, failure) = await Waiting();
        (attempts, server.Mails.Count).ShouldBe((0, 0));
        failure.ShouldNotBeNull().ShouldContain("gave no token for the mail server: 200 with an answer that cannot be read");
    }

    [Fact]
    public async Task Words_that_are_no_text_are_kept_as_text()
    {
        using var server = MailServer.Start(Mailbox, "token");
        var words = new Queue<string>([@"a\u0000b", new string('x', 299) + "😀"]);
        await using var tokens = await TokenGiver.Start(_ => (401, $$"""{"error":"no","error_description":"{{words.Dequeue()}}"}"""));
        await using var node = NodeWith(ByToken(server, tokens));
        await Queue("liam@acme.example");
        foreach (var kept in (string[])["a b", "xx\uFFFD"])
        {
            await Sending(node).SendSome(CancellationToken.None);
            (await Waiting()).Failure.ShouldNotBeNull().ShouldContain(kept, Case.Sensitive);
            await Due();
        }
    }

    [Fact]
    public async Task Encrypted_from_the_first_byte_the_product_signs_in_by_token()
    {
        using var server = MailServer.Start(Mailbox, "token 1", tls: true, implicitly: true);
        await using var tokens = await TokenGiver.Start(n => (200, $$"""{"access_token":"token {{n}}","expires_in":3600}"""));
        await Queue("liam@acme.example");
        // A process of its own: which certificates are trusted is said to a whole process.
        using var product = HostProcess.StartNode(Here.ConnectionString, Ports.FreeAddress(), ("Mail__Smtp__Host", "localhost"),
            ("Mail__Smtp__Port", $"{server.Port}"), ("Mail__Smtp__Tls", "true"), ("Mail__Smtp__User", Mailbox),
            ("Mail__Smtp__OAuth2__TokenUrl", $"{tokens.Url}"), ("Mail__Smtp__OAuth2__ClientId", "the client"),
            ("Mail__Smtp__OAuth2__ClientSecret", "the secret"), ("SSL_CERT_FILE", server.AuthorityFile));
        const string Sent = "select count(*) from kernel.mail where sent_at is not null";
        // a whole product starts
        await TestInstallation.Others(async () => await Here.Scalar<long>(Sent) == 1, TimeSpan.FromMinutes(3));
        await product.Kill();
        var mail = server.Mails.ShouldHaveSingleItem();
        (mail.Tls, mail.SignedIn).ShouldBe((true, true));
    }

    [Fact]
    public async Task A_sender_that_is_refused_is_the_operators_matter_and_uses_up_no_tries()
    {
        using var server = MailServer.Start();
        server.Answer("MAIL", "550 5.7.60 You may not send as this address");
        await using var node = NodeWith(new() { Host = "localhost", Port = server.Port, StartTls = false, From = Mailbox });
        await Queue("liam@acme.example");
        await Sending(node).SendSome(CancellationToken.None);
        var (attempts, failure) = await Waiting();
        (attempts, server.Asked.Length).ShouldBe((0, 0));
        failure.ShouldNotBeNull().ShouldContain("You may not send as this address");
    }

    [Fact]
    public async Task One_refusal_among_many_is_that_mails_alone_over_the_same_connection()
    {
        using var server = MailServer.Start();
        server.Answer("nobody@acme.example", "550 5.1.1 No such user here");
        await using var node = NodeWith(new() { Host = "localhost", Port = server.Port, StartTls = false, From = Mailbox });
        await Queue("liam@acme.example", "nobody@acme.example", "grace@acme.example", "tomáš@acme.example", "a\r\nb@acme.example",
            "Nora <nora@acme.example>, eve@mail.example");
        await Sending(node).SendSome(CancellationToken.None);
        server.Mails.Select(m => m.To.Single()).Order(StringComparer.Ordinal)
            .ShouldBe(["grace@acme.example", "liam@acme.example", "tomáš@acme.example"]);
        server.Mails.ShouldAllBe(m => m.Line == 1);
        (await Here.Rows<string>("select failure from kernel.mail where undeliverable_at is not null order by failure")).ShouldBe(
            ["5.1.1 No such user here", "Email cannot be sent to this address.", "Email cannot be sent to this address."]);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_server_that_says_nothing()
    {
        var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        try
        {
            await using var node = NodeWith(new() { Host = "127.0.0.1", Port = ((IPEndPoint)silent.LocalEndpoint).Port, From = Mailbox });
            await Queue("liam@acme.example");
            using var stop = new CancellationTokenSource();
            var sending = Sending(node).SendSome(stop.Token);
            using var conversation = await silent.AcceptTcpClientAsync();
            sending.IsCompleted.ShouldBeFalse();
            await stop.CancelAsync();
            (await sending.WaitAsync(TimeSpan.FromSeconds(15))).ShouldBeFalse();
            (await Waiting()).ShouldBe((0, null));
            (await Here.Scalar<bool>("select next_at <= @now from kernel.mail", new { now = Here.Clock.GetUtcNow().UtcDateTime }))
                .ShouldBeTrue("another node may send it at once");
        }
        finally { silent.Stop(); }
    }

    [Theory]
    [InlineData("User"), InlineData("OAuth2:TokenUrl"), InlineData("OAuth2:ClientId"), InlineData("OAuth2:ClientSecret")]
    public void What_a_token_needs_and_is_not_there_is_named(string missing)
    {
        Dictionary<string, string?> settings = new()
        {
            ["Mail:Smtp:User"] = Mailbox,
            ["Mail:Smtp:OAuth2:TokenUrl"] = "https://login.test/token",
            ["Mail:Smtp:OAuth2:ClientId"] = "a",
            ["Mail:Smtp:OAuth2:ClientSecret"] = "b",
        };
        MailOAuth2? Read() => MailOAuth2.From(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Mail:Smtp"));
        Read().ShouldNotBeNull();
        string[] noUrls = missing.EndsWith("Url", StringComparison.Ordinal) ? ["login.test", "http://login.test/"] : [];
        foreach (var broken in (string?[])[null, "", .. noUrls])
        {
            settings["Mail:Smtp:" + missing] = broken;
            Should.Throw<InvalidOperationException>(() => { Read(); }).Message.ShouldContain(missing);
        }
    }

    /// <summary>A real server of access tokens, over HTTP on loopback. The test says what it answers, by requests counted from 1.</summary>
    sealed class TokenGiver(WebApplication app) : IAsyncDisposable
    {
        readonly List<Dictionary<string, string>> _asked = [];

        public IReadOnlyList<Dictionary<string, string>> Asked { get { lock (_asked) return [.. _asked]; } }

        public Uri Url => new(app.Urls.First() + "/token");

        public static async Task<TokenGiver> Start(Func<int, (int Status, string Body)> answer, string json = "application/json")
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var app = builder.Build();
            var giver = new TokenGiver(app);
            app.MapPost("/token", async (HttpContext http) =>
            {
                var form = await http.Request.ReadFormAsync();
                int count;
                lock (giver._asked)
                {
                    giver._asked.Add(form.ToDictionary(f => f.Key, f => f.Value.ToString()));
                    count = giver._asked.Count;
                }
                var (status, body) = answer(count);
                (http.Response.StatusCode, http.Response.ContentType) = (status, body[0] == '{' ? json : "text/html");
                await http.Response.WriteAsync(body);
            });
            await app.StartAsync();
            return giver;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
