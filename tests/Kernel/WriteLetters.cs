using DirectoryPlatform.Accounts;
using DirectoryPlatform.Accounts.Internal.Letters;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Templates with names for their values (SPEC R8).</summary>
[Trait("Rule", "R8")]
public sealed class WriteLetters : OnInstallation
{
    readonly DirectoryInfo _own = Directory.CreateTempSubdirectory("letters-");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _own.Delete(recursive: true);
    }

    void Write(string path, string text)
    {
        var file = new FileInfo(Path.Combine(_own.FullName, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
    }

    MailTemplates Templates() => new(Modules.All, _own.FullName);

    Task<WrittenMail> Written(Letter letter, OrganizationId? org = null, MailTemplates? templates = null) =>
        new MailWriting(templates ?? Templates(), Here.Services.GetRequiredService<IMailWording>())
            .Write(letter.Template, letter.Values, org?.Value, CancellationToken.None);

    [Fact]
    public async Task Every_letter_of_the_product_can_be_written_as_text_and_as_html()
    {
        var acme = await Here.Organization("acme");
        Templates().Names.Count.ShouldBeGreaterThan(12);
        foreach (var type in Modules.All.SelectMany(m => m.GetTypes()).Where(t => t.IsSubclassOf(typeof(Letter))))
            foreach (var yes in (bool[])[true, false])
            {
                var letter = (Letter)Activator.CreateInstance(type, [.. type.GetConstructors().Single().GetParameters().Select(p =>
                    p.ParameterType == typeof(bool) ? yes
                    : yes || p.Name is not ("Message" or "Failure") ? (object)$"<{p.Name}>"
                    : null)])!;
                var mail = await Written(letter, acme);
                mail.Subject.Length.ShouldBeInRange(5, 200, type.Name);
                (mail.Subject + mail.Text + mail.Html).ShouldNotContain("{{");
                mail.Text.ShouldNotContain("\n\n\n");
                mail.Html.ShouldNotContain("<Name>");
                // Somebody else's closed account leads nowhere.
                if (type.GetProperty("Link") is not null && (yes || letter is not DeletionScheduledLetter))
                    (mail.Text.Contains("<Link>"), mail.Html.Contains("href=\"&lt;Link&gt;\""))
                        .ShouldBe((true, true), $"{type.Name} {yes}");
            }
    }

    [Fact]
    public async Task What_people_type_is_never_html_and_never_a_second_line_of_the_subject()
    {
        var mail = await Written(new JobFinishedLetter("Claim\r\nBcc: everybody@acme.example <script>alert(1)</script>", "2 accounts", null,
            "https://directory.test/?a=1&b=\"2"));
        mail.Subject.ShouldBe("Done: Claim  Bcc: everybody@acme.example <script>alert(1)</script>");
        mail.Html.ShouldNotContain("<script>");
        mail.Html.ShouldContain("href=\"https://directory.test/?a=1&amp;b=&quot;2\"");
        var message = await Written(new AccountDeactivatedLetter("Liam", "One\nTwo <i>"));
        message.Html.ShouldContain("One<br>Two &lt;i&gt;");
        message.Text.ShouldContain("Message from the admin:\nOne\nTwo <i>\n\nIf you");
        (await Written(new AccountDeactivatedLetter("Liam", null))).Text.ShouldNotContain("Message from the admin");
    }

    [Fact]
    public async Task An_organization_signs_its_mails_and_only_its_own()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        await Here.Grant(new ChangeOrganizationWording(acme, " Questions? help@acme.example\r\nor 123 ", "Your <Acme> IT", ByNobody));
        var mail = await Written(new DeletionCancelledLetter("Liam", "https://directory.test/sign-in"), acme);
        mail.Text.ShouldContain("Questions? help@acme.example\nor 123\n\n-- \nYour <Acme> IT\nSent by DirectoryPlatform for acme.");
        mail.Html.ShouldContain("Questions? help@acme.example<br>or 123");
        mail.Html.ShouldContain("Your &lt;Acme&gt; IT");
        (await Written(new DeletionCancelledLetter("Liam", "x"), globex)).Text.ShouldNotContain("Acme");
        (await Written(new DeletionCancelledLetter("Liam", "x"))).Text.ShouldContain("-- \nSent by DirectoryPlatform.\n");
        (await Here.Refuse(new ChangeOrganizationWording(acme, new string('x', 501), null, TestInstallation.Console)))
            .ShouldBeOfType<InvalidValue>().Field.ShouldBe("contact");
        foreach (var unseen in (string[])["a\u0007", "Your \u202EsTI", "one\nt\u2066wo"])
            (await Here.Refuse(new ChangeOrganizationWording(acme, null, unseen, TestInstallation.Console)))
                .ShouldBeOfType<InvalidValue>().Field.ShouldBe("signature");
        (await Here.Refuse(new ChangeOrganizationWording(new(Guid.NewGuid()), null, null, TestInstallation.Console)))
            .ShouldBeOfType<NotFound>();
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'MailWordingChanged' and organization_id = @id",
            new { id = acme.Value })).ShouldBe(1);
    }

    [Fact]
    public async Task Own_files_take_the_place_of_the_built_in_ones_for_everybody_or_for_one_organization()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        Write("deletion-cancelled.txt", "Subject: Stay with us, {{name}}\n\nGood news.\n\n{{link}}\n");
        Write("acme/deletion-cancelled.txt", "\uFEFFSubject: {{organization}} keeps you\r\n\r\nGood news at Acme.\r\n");
        Write("acme/deletion-cancelled.html", "<p>Good news at <b>Acme</b>, {{name}}.</p>");
        var letter = new DeletionCancelledLetter("Liam <b>", "https://directory.test/sign-in");
        var (ours, theirs) = (await Written(letter, acme), await Written(letter, globex));
        (ours.Subject, theirs.Subject).ShouldBe(("acme keeps you", "Stay with us, Liam <b>"));
        ours.Html.ShouldContain("Good news at <b>Acme</b>, Liam &lt;b&gt;.");
        theirs.Html.ShouldContain("Good news.</p>");
        theirs.Html.ShouldContain("href=\"https://directory.test/sign-in\"");
        (await Written(new AccountDeactivatedLetter("Liam", null), acme)).Subject.ShouldBe("Your account was deactivated");
    }

    [Theory]
    [InlineData("deletion-cancelled.txt", "Subject: Hello {{nmae}}\n\nText", "there is no value called \"nmae\"")]
    [InlineData("deletion-cancelled.txt", "Subject: Hello\n\n{{link}", "is not followed by a name")]
    [InlineData("deletion-cancelled.txt", "Subject: Hello\n\n{{#name}}text", "{{#name}} is not closed")]
    [InlineData("deletion-cancelled.txt", "Subject: Hello\n\ntext{{/name}}", "closes nothing")]
    [InlineData("deletion-cancelled.txt", "Subject: Hello\n\n{{&name}}", "bring its own HTML")]
    [InlineData("deletion-cancelled.txt", "Hello\n\ntext", "begin with a line")]
    [InlineData("deletion-canceled.txt", "Subject: Hello\n\ntext", "there is no letter called deletion-canceled")]
    [InlineData("acme/deletion-cancelled.html", "<p>Hello</p>", "needs a .txt")]
    public void A_mistake_in_a_template_stops_the_start_and_says_where(string path, string text, string error)
    {
        Write(path, text);
        var stop = Should.Throw<InvalidOperationException>(Templates);
        stop.Message.ShouldContain(path);
        stop.Message.ShouldContain(error);
    }

    [Fact]
    public void A_folder_that_is_not_there_stops_the_start() =>
        Should.Throw<InvalidOperationException>(() => new MailTemplates(Modules.All, _own.FullName + "/none")).Message
        .ShouldContain("no folder");
}
