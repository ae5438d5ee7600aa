using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>What else can let somebody in is shown before a reset and told after it (SPEC A14).</summary>
[Trait("Rule", "A14")]
public sealed class TellWhatCouldGetIn : OnWaysIn
{
    [Fact]
    public async Task What_is_revoked_is_told_in_the_history_and_in_the_mail()
    {
        var (person, email) = await Person(1);
        foreach (var label in (string[])["Backup", "Backup", "Nightly"])
            await Here.Grant(new CreateApiToken(person, label, 90, By(person)));
        (await Here.Grant(new ReadWhatElseCanGetIn(await ResetLink(email)))).ApiTokens.ShouldBe(["Backup", "Backup", "Nightly"],
            ignoreOrder: true);
        await Here.Grant(new FollowPasswordReset(await Link(email, "password-reset"), New, ByNobody));
        (await Here.Scalar<string>("select letter->>'tokens' from kernel.mail where recipient = @email and template = 'password-changed'",
            new { email })).ShouldBe("“Backup”, “Backup”, “Nightly”");
        (await Here.Scalar<string>(
            "select personal->'after'->>'labels' from kernel.audit_entry where action = 'ApiTokensRevoked' and subject_id = @id "
            + "and organization_id = @acme", new { id = person.Value, acme = Acme.Value }))
            .ShouldBe("“Backup”, “Backup”, “Nightly”");
    }

    [Fact]
    public async Task The_page_behind_a_link_shows_what_else_can_get_in()
    {
        var person = await Here.Account("nora@mail.example");
        await Here.Grant(new GivePassword([person], Old));
        await Here.Grant(new SignIn("nora@mail.example", Old, "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            TestInstallation.Console));
        await Here.Grant(new CreateApiToken(person, "Thief's", 90, By(person)));
        await Here.Grant(new RequestEmailChange(person, "thief@evil.example", By(person)));
        await TwoStep(person);
        var token = await ResetLink("nora@mail.example");
        var others = await Here.Grant(new ReadWhatElseCanGetIn(token));
        (others.Devices.Single(), others.ApiTokens.Single(), others.PendingEmail, others.TwoStepSince is not null)
            .ShouldBe(("Firefox on Linux", "Thief's", "thief@evil.example", true));
        (await Here.Refuse(new ReadWhatElseCanGetIn(token[..^1]))).ShouldBe(new LinkVoid(), "for the holder of a good link alone");
        await Here.Grant(new FollowPasswordReset(token, New, ByNobody));
        (await Here.Send(new ReadMyWaysIn(person)))
            .ShouldSatisfyAllConditions(o => o.Devices.ShouldBeEmpty(), o => o.ApiTokens.ShouldBeEmpty(),
                o => o.PendingEmail.ShouldBeNull(), o => o.TwoStepSince.ShouldNotBeNull());
    }
}
