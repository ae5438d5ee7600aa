using DirectoryPlatform.Accounts;
using DirectoryPlatform.Accounts.Internal.Letters;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Mail through a real server (SPEC R8).</summary>
[Trait("Rule", "R8")]
public sealed class SendMail : OnInstallation
{
    readonly MailServer _server = MailServer.Start();

    protected override void Add(IServiceCollection services) =>
        services.AddSingleton(new MailSettings
        {
            Host = "localhost",
            Port = _server.Port,
            StartTls = false,
            From = "Directory <no-reply@directory.test>"
        });

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _server.Dispose();
    }

    static async Task SendDue(TestInstallation node)
    {
        while (await node.Services.GetServices<IHostedService>().OfType<MailSending>().Single().SendSome(CancellationToken.None)) { }
    }

    Task Queue(params OutgoingMail[] mails) => Here.Services.GetRequiredService<MailQueue>().Send(mails, CancellationToken.None);

    static OutgoingMail To(string address, Guid? organization = null, string text = "Some words.") =>
        new(address, "A subject", text, organization);

    Task<OrganizationMail> Unsent(OrganizationId org) => Here.Send(new ReadOrganizationMail(org.Value));

    [Fact]
    public async Task A_mail_arrives_once_as_text_and_html_and_its_words_are_not_kept()
    {
        await Queue(new OutgoingMail("liam@acme.example", "Grüße, “Liam”",
            "Hello <b>Liam</b> & Ümlaut,\n\nhttps://directory.test/verify?a=1&b=2"));
        await SendDue(Here);
        await SendDue(Here);
        var mail = _server.Mails.ShouldHaveSingleItem();
        (mail.From, mail.To.Single(), mail.Subject, mail.Type, mail.AutoSubmitted)
            .ShouldBe(("Directory <no-reply@directory.test>", "liam@acme.example", "Grüße, “Liam”", "multipart/alternative",
                "auto-generated"));
        mail.Text!.ReplaceLineEndings("\n").ShouldStartWith("Hello <b>Liam</b> & Ümlaut,\n\nhttps://directory.test/verify?a=1&b=2\n");
        mail.Html.ShouldNotBeNull().ShouldContain("Hello &lt;b&gt;Liam&lt;/b&gt; &amp; ");
        mail.Html.ShouldContain("href=\"https://directory.test/verify?a=1&amp;b=2\"");
        mail.MessageId.ShouldNotBeNull().ShouldEndWith("@directory.test>");
        mail.Date.ShouldNotBeNull();
        (await Here.Scalar<string>("select letter::text from kernel.mail where sent_at is not null")).ShouldBe("{}");
    }

    [Fact]
    public async Task A_passing_refusal_is_tried_again_after_growing_pauses_and_given_up_after_twelve()
    {
        var acme = await Here.Organization("acme");
        _server.Answer("*", "451 4.7.1 Try again later");
        await Queue(To("liam@acme.example", acme.Value));
        for (var pause = 10; ; pause *= 2)
        {
            await SendDue(Here);
            if ((await Unsent(acme)).Waiting is not [var waiting]) break;
            (waiting.Failure!.Contains("Try again later"), (int)Math.Round((waiting.NextAt - waiting.TriedAt!.Value).TotalSeconds))
                .ShouldBe((true, pause));
            Here.Clock.Pass(TimeSpan.FromSeconds(pause - 5));
            await SendDue(Here);
            _server.Asked.Count(IsLiam).ShouldBe(waiting.Attempts, "not before its time");
            Here.Clock.Pass(TimeSpan.FromSeconds(6));
            if (waiting.Attempts == 3)
            {
                await Queue(To("grace@acme.example", acme.Value));
                _server.Answer("liam@acme.example", "451 4.7.1 Try again later");
                await SendDue(Here);
                _server.Mails.ShouldHaveSingleItem().To.ShouldBe(["grace@acme.example"], "one that waits holds up no other");
                Here.Clock.Pass(TimeSpan.FromMinutes(10));
                pause *= 2;
            }
        }
        (_server.Asked.Count(IsLiam), (await Unsent(acme)).Undeliverable.Single().Attempts)
            .ShouldBe((MailSending.MaxAttempts, MailSending.MaxAttempts));
        // An admin tries it again, and it has as many tries as a new one.
        _server.Answer("*", null);
        await Here.Grant(new RetryMail(acme.Value, null, TestInstallation.Console));
        await SendDue(Here);
        _server.Mails.Select(m => m.To.Single()).ShouldBe(["grace@acme.example", "liam@acme.example"]);
        (await Here.Send(new CountUndeliverableMail(acme.Value))).ShouldBe(0);

        static bool IsLiam(string address) => address == "liam@acme.example";
    }

    [Fact]
    public async Task A_final_refusal_is_shown_to_the_admins_of_that_organization_alone()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        _server.Answer("nobody@acme.example", "550 5.1.1 No such user here");
        await Queue(To("nobody@acme.example", acme.Value), To("liam@acme.example", acme.Value), To("not an address", acme.Value));
        await SendDue(Here);
        _server.Mails.ShouldHaveSingleItem().To.ShouldBe(["liam@acme.example"]);
        var unsent = await Unsent(acme);
        (unsent.UndeliverableCount, unsent.WaitingCount).ShouldBe((2, 0));
        var mail = unsent.Undeliverable.Single(m => m.To == "nobody@acme.example");
        (mail.Attempts, mail.Template).ShouldBe((1, "plain"));
        mail.Failure!.ShouldContain("No such user here");
        (await Unsent(globex)).UndeliverableCount.ShouldBe(0);
        (await Here.Refuse(new RetryMail(globex.Value, mail.Id, TestInstallation.Console)))
            .ShouldBe(await Here.Refuse(new RetryMail(globex.Value, Guid.NewGuid(), TestInstallation.Console)));
        _server.Answer("*", null);
        await Here.Grant(new RetryMail(acme.Value, mail.Id, ByNobody));
        await SendDue(Here);
        _server.Mails[^1].To.ShouldBe(["nobody@acme.example"]);
        (await Here.Refuse(new RetryMail(acme.Value, mail.Id, TestInstallation.Console)))
            .ShouldBeOfType<NotFound>("what was sent is not sent again");
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'MailRetried' and organization_id = @id",
            new { id = acme.Value })).ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_is_down_uses_up_no_tries()
    {
        var acme = await Here.Organization("acme");
        _server.Stop();
        await Queue([.. Enumerable.Range(0, 30).Select(i => To($"p{i}@acme.example", acme.Value))]);
        for (var i = 0; i < MailSending.MaxAttempts + 2; i++, Here.Clock.Pass(TimeSpan.FromMinutes(1))) await SendDue(Here);
        (await Unsent(acme)).Waiting.ShouldAllBe(m => m.Attempts == 0);
        (await Unsent(acme)).Waiting.ShouldContain(m => m.Failure != null);
        _server.Start();
        await SendDue(Here);
        _server.Mails.Select(m => m.To.Single()).Distinct().Count().ShouldBe(30);
        (_server.Mails.Count, _server.Mails.Max(m => m.Line)).ShouldBe((30, 2), "twenty over one connection");
    }

    [Fact]
    public async Task Two_nodes_send_each_mail_once_and_notices_wait_for_the_others()
    {
        await using var node = Here.AnotherNode(Add);
        var half = Proof.Size(60, 100);
        await Queue([.. Enumerable.Range(0, half).Select(i => new OutgoingMail($"p{i}@acme.example", Notice("late")))]);
        await Queue([.. Enumerable.Range(half, half).Select(i => To($"p{i}@acme.example"))]);
        await Task.WhenAll(SendDue(Here), SendDue(node));
        _server.Mails.Select(m => m.To.Single()).Order().ShouldBe(Enumerable.Range(0, 2 * half).Select(i => $"p{i}@acme.example").Order());
        // Each node may still have twenty under way when there is nothing but notices left to take.
        _server.Mails.Take(half - 40).ShouldAllBe(m => m.Subject == "A subject");
    }

    /// <summary>A letter of the product that can wait.</summary>
    static Letter Notice(string name) => new ClaimedNoticeLetter(name, "x@acme.example", "https://directory.test/account");

    [Fact, Trait("Rule", "A6")]
    public async Task Mail_to_a_forgotten_address_is_gone_with_the_transaction_that_forgets_it()
    {
        await Queue(To("liam@acme.example"), To("liam@acme.example"), To("grace@acme.example"));
        await SendDue(Here);
        await Queue(To("liam@acme.example"));
        await using (var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var batch = new NpgsqlBatch(connection, transaction)
            { BatchCommands = { OutgoingMail.Forget(["liam@acme.example"]) } };
            await batch.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }
        (await Here.Rows<string>("select recipient from kernel.mail")).ShouldBe(["grace@acme.example"]);
    }

    [Fact]
    public async Task A_month_after_it_was_sent_a_mail_is_forgotten_and_one_that_waits_is_not()
    {
        await Queue(To("sent@acme.example"));
        await SendDue(Here);
        await Queue(To("waiting@acme.example"));
        Here.Clock.Pass(ForgetOldMail.Kept + TimeSpan.FromMinutes(1));
        await Here.Services.GetServices<IRecurring>().OfType<ForgetOldMail>().Single().Run(CancellationToken.None);
        (await Here.Rows<string>("select recipient from kernel.mail")).ShouldBe(["waiting@acme.example"]);
    }

    [Fact]
    public async Task A_server_whose_certificate_nobody_trusts_or_whose_password_is_wrong_gets_no_mail_and_loses_none()
    {
        using var secured = MailServer.Start("directory", "another", tls: true);
        var acme = await Here.Organization("acme");
        await using var node = Here.AnotherNode(s =>
            s.AddSingleton(new MailSettings { Host = "localhost", Port = secured.Port, User = "directory", Password = "secret" }));
        await Queue(To("liam@acme.example", acme.Value));
        await SendDue(node);
        (secured.Mails.Count, secured.Asked.Length).ShouldBe((0, 0));
        (await Unsent(acme)).Waiting.ShouldHaveSingleItem().Attempts.ShouldBe(0);
        // The product itself, told to trust this certificate: STARTTLS and AUTH are asked for and done.
        await Here.Scalar<int>(Due);
        using var product = HostProcess.StartNode(Here.ConnectionString, Ports.FreeAddress(),
            ("Mail__Smtp__Host", "localhost"), ("Mail__Smtp__Port", $"{secured.Port}"), ("Mail__Smtp__User", "directory"),
                ("Mail__Smtp__Password", "secret"), ("SSL_CERT_FILE", secured.AuthorityFile));
        await Comes("failure is not null", 0);
        secured.Stop();
        secured.Start("secret");
        await Here.Scalar<int>(Due);
        await Comes("sent_at is not null", 1);
        await product.Kill();
        var mail = secured.Mails.ShouldHaveSingleItem();
        (mail.Tls, mail.SignedIn).ShouldBe((true, true));

        async Task Comes(string what, int mails)
        {
            var asked = $"select count(*) from kernel.mail where {what}";
            // a whole product starts
            await TestInstallation.Others(async () => await Here.Scalar<long>(asked) == 1, TimeSpan.FromMinutes(3));
            (secured.Mails.Count, await Here.Scalar<int>("select max(attempts) from kernel.mail")).ShouldBe((mails, 0));
        }
    }

    const string Due = "update kernel.mail set next_at = now() - interval '1 minute', failure = null returning 1";
}
