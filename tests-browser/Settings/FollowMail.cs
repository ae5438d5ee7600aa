namespace DirectoryPlatform.Tests.Browser.Settings;

/// <summary>A mail that a real mail server refuses, from the menu's number to the second try;
/// and the words that an organization adds.</summary>
public sealed class FollowMail
{
    [Fact, Trait("Rule", "R8")]
    public async Task An_admin_sees_why_a_mail_did_not_arrive_and_sends_it_again_in_the_organizations_words()
    {
        using var server = MailServer.Start();
        server.Answer("liam@acme.example", "550 5.1.1 No such user here");
        await using var installation = await Installation.StartWithoutMail("mail", ("Mail__Smtp__Host", "localhost"),
            ("Mail__Smtp__Port", $"{server.Port}"), ("Mail__Smtp__StartTls", "false"));
        await Journey.Through(installation, async go =>
        {
            var ada = await go.Somebody();
            var acme = await ada.SignInAsAdmin("ada@acme.example");
            // The demo claimed Liam, and told him.
            await Patience.Until(() => Task.FromResult(server.Asked.Length > 0));
            await ada.GotoAsync($"{acme}/domains");
            var menu = ada.Locator("nav").GetByRole(AriaRole.Link, new() { Name = "Email 1 undeliverable" });
            await menu.ClickAsync();
            await Assertions.Expect(ada.Heading()).ToHaveTextAsync("Email");
            await ada.Sees("liam@acme.example");
            await ada.Sees("Claimed notice");
            await ada.Sees("No such user here");

            // Wrong input keeps what was typed, and stands beside its field.
            await ada.Fill("Support contact", new string('x', 501));
            await ada.Fill("Signature", "Acme <IT>");
            await ada.Click("Save");
            await ada.Sees("Enter at most 500 characters.");
            (await ada.GetByLabel("Signature").InputValueAsync()).ShouldBe("Acme <IT>");
            await ada.Fill("Support contact", "Questions? help@acme.example");
            await ada.Click("Save");
            await ada.Sees("Email branding saved. It applies to all emails from now on.");

            // Refused once more, then the mailbox exists.
            await ada.Click("Retry the email to");
            await ada.Sees("Retrying the email now.");
            await Patience.Until(() => Task.FromResult(server.Asked.Length >= 2));
            server.Answer("*", null);
            await ada.ReloadAsync();
            await ada.Click("Retry the email to");
            // The page first: the mail may be there before its answer.
            await ada.Sees("Retrying the email now.");
            await Patience.Until(() => Task.FromResult(server.Mails.Count > 0));
            var mail = server.Mails.ShouldHaveSingleItem();
            (mail.To.Single(), mail.Subject).ShouldBe(("liam@acme.example", "Acme now manages your account"));
            mail.Text.ShouldNotBeNull().ShouldContain("Questions? help@acme.example");
            mail.Html.ShouldNotBeNull().ShouldContain("Acme &lt;IT&gt;");
            await ada.ReloadAsync();
            await ada.Sees("All emails sent");
            await Assertions.Expect(ada.Locator("nav").GetByRole(AriaRole.Link, new() { Name = "Email", Exact = true })).ToBeVisibleAsync();

            // The mail as a mail program shows it, light and dark, wide and narrow.
            foreach (var (width, theme) in ((int, ColorScheme)[])[
                (1280, ColorScheme.Light), (1280, ColorScheme.Dark), (360, ColorScheme.Light), (360, ColorScheme.Dark)])
            {
                var reader = await go.Somebody(width: width, theme: theme);
                await reader.SetContentAsync(mail.Html);
                (await reader.IsTooWide()).ShouldBeFalse();
                (await reader.Obstacles()).ShouldBeEmpty();
                if (Environment.GetEnvironmentVariable("PICTURES") is { } folder)
                    await reader.ScreenshotAsync(new() { Path = $"{folder}/letter-{width}-{theme}.png", FullPage = true });
            }
        });
    }

    [Fact, Trait("Rule", "C5")]
    public Task People_are_told_of_a_bulk_claim_by_mail_only_when_the_admin_ticks_it() => Journey.Through(async (go, world) =>
    {
        await world.Query($"delete from kernel.mail where recipient = '{world.JaneAtAcme}' returning 1");
        var ada = await go.Somebody();
        var acme = await ada.SignInAsAdmin(world.Ada);
        await ada.GotoAsync($"{acme}/domains");
        await ada.Click(world.Acme);
        await ada.Click("Claim accounts");
        foreach (var _ in Enumerable.Range(0, 3)) await ada.Click("Next");
        (await ada.GetByLabel("Notify these people by email").IsCheckedAsync()).ShouldBeFalse();
        await ada.GetByLabel("Notify these people by email").CheckAsync();
        await ada.Locator("form button.btn-primary").ClickAsync();
        await ada.Sees("100%");
        await ada.GotoAsync($"/demo/mail?to={world.JaneAtAcme}");
        await Patience.Until(async () =>
        {
            await ada.ReloadAsync();
            return await ada.Locator("article").CountAsync() > 0;
        });
        await ada.Sees("Acme now manages your account");
        await Assertions.Expect(ada.Locator("article")).ToHaveCountAsync(1);
        // Giving them back without the tick tells nobody.
        await ada.GotoAsync($"{acme}/domains");
        await ada.Click(world.Acme);
        await ada.GotoAsync($"{new Uri(ada.Url).AbsolutePath}/unclaim");
        await ada.GetByLabel("All accounts on").CheckAsync();
        await ada.Click("Next");
        await ada.GetByLabel("Notify by email").UncheckAsync();
        await ada.Fill($"Type {world.Acme} to confirm", world.Acme);
        await ada.Locator("form button.btn-danger").ClickAsync();
        await ada.Sees("100%");
        // Others write there too: what stands there now is waited for.
        var last = await world.Query("select coalesce(max(seq), 0) from kernel.outbox");
        await Patience.Until(async () => await world.Query($"select count(*) from kernel.outbox where seq <= {last}") is 0L);
        await ada.GotoAsync($"/demo/mail?to={world.JaneAtAcme}");
        await Assertions.Expect(ada.Locator("article")).ToHaveCountAsync(1);
    });
}
