using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Security;

/// <summary>An address that was left is nobody else's for seven days, and gone with an erased person (SPEC A15).</summary>
[Trait("Rule", "A15")]
public sealed class ReserveLeftAddresses : OnMovedAddress
{
    [Fact]
    public async Task A_change_by_an_admin_a_key_or_a_provider_is_told_without_a_way_back_and_the_address_stays_reserved()
    {
        var acme = await Here.Organization("acme");
        await Here.VerifiedDomain(acme, "acme.example");
        var ada = await Here.Admin(acme, "ada@acme.example");
        var liam = await Here.Account("liam@acme.example", "Liam", managedBy: acme);
        await Here.Grant(new ChangeEmail(liam, acme, "liam@acme.example", "liam.novak@acme.example", By(ada)));
        await Here.Grant(new GiveEmail(liam, acme, "l.novak@acme.example", By(ada)));
        await Here.Grant(new ProvideEmail(liam, acme, EmailAddress.Trusted("novak@acme.example"), ByNobody));
        await Here.Quiet();
        (await Here.Scalar<long>("select count(*) from kernel.mail where template = 'email-changed'")).ShouldBe(3);
        (await Here.Scalar<long>("select count(*) from kernel.mail where template = 'email-left'"))
            .ShouldBe(0, "a leaver's mailbox undoes nothing");
        (await Here.Scalar<long>("select count(*) from accounts.left_address where token_hash is not null")).ShouldBe(0);

        var other = await Here.Account("other@acme.example", managedBy: acme);
        foreach (var reserved in (string[])["liam@acme.example", "liam.novak@acme.example", "l.novak@acme.example"])
        {
            (await Here.Refuse(new SignUpAccount(new(Guid.CreateVersion7()), EmailAddress.Trusted(reserved), "X", true, null, ByNobody)))
                .ShouldBe(new EmailTaken());
            (await Here.Refuse(new ChangeEmail(other, acme, "other@acme.example", reserved, By(ada)))).ShouldBe(new EmailTaken());
            (await Here.Refuse(new GiveEmail(other, acme, reserved, By(ada)))).ShouldBe(new EmailTaken());
            (await Here.Refuse(new ProvideEmail(other, acme, EmailAddress.Trusted(reserved), ByNobody))).ShouldBe(new EmailTaken());
        }
        await Here.Grant(new ChangeEmail(liam, acme, "novak@acme.example", "liam@acme.example", By(ada)));
        (await Email(liam)).ShouldBe("liam@acme.example", "its own account may have it again");
        Here.Clock.Pass(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
        await Here.Grant(new ChangeEmail(other, acme, "other@acme.example", "liam.novak@acme.example", By(ada)));
    }

    [Fact]
    public async Task An_address_that_was_left_is_answered_as_taken_for_seven_days_and_is_free_then()
    {
        var nora = await Nora();
        await Move(nora, "nora@new.example");
        var back = await Link(Owner, "email-left");
        var olga = await Here.Account("olga@mail.example");
        async Task<Outcome<Done>> SignUp() => await Here.Send(new SignUp(Owner, "Somebody", TestInstallation.Console));
        async Task<long> Accounts() => await Here.Scalar<long>("select count(*) from accounts.account where email = @Owner", new { Owner });
        await SignUp();
        (await Accounts()).ShouldBe(0);
        (await Here.Send(new RequestEmailChange(olga, Owner, By(olga)))).Granted.ShouldBeTrue("answered like a free one");
        (await Link(Owner, "email-in-use")).ShouldBe("");
        (await Here.Scalar<long>(
            "select count(*) from kernel.mail where recipient = @Owner and template in ('email-in-use', 'email-confirmation')",
            new { Owner })).ShouldBe(1, "and not confirmed");
        Here.Clock.Pass(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(10));
        await SignUp();
        (await Accounts()).ShouldBe(0);
        Here.Clock.Pass(TimeSpan.FromMinutes(20));
        (await Here.Refuse(new TakeAddressBack(back, ByNobody))).ShouldBeOfType<LinkVoid>("the seven days are over");
        await Here.Account(Owner);
        (await Accounts()).ShouldBe(1);
    }

    [Fact]
    public async Task Who_signs_up_in_the_moment_in_which_the_address_is_left_gets_it_in_no_case()
    {
        await using var node = Here.AnotherNode();
        for (var i = 0; i < Proof.Size(20, 200); i++)
        {
            var (from, to) = ($"a{i}@mail.example", $"b{i}@mail.example");
            var person = await Here.Account(from);
            var moves = Here.Send(new ChangeEmailAddress(person, null, EmailAddress.Trusted(from), EmailAddress.Trusted(to), null,
                By(person)));
            var signUps = Enumerable.Range(0, 4)
                .Select(_ =>
                    node.Send(new SignUpAccount(new(Guid.CreateVersion7()), EmailAddress.Trusted(from), "X", true, null,
                        TestInstallation.Console))).ToArray();
            (await moves).Granted.ShouldBeTrue();
            foreach (var outcome in await Task.WhenAll(signUps)) outcome.Refusal.ShouldBe(new EmailTaken());
        }
    }

    [Fact, Trait("Rule", "A6")]
    public async Task An_erased_person_leaves_no_reserved_address_behind()
    {
        var nora = await Nora();
        await Move(nora, "nora@new.example");
        await Here.Grant(new ScheduleDeletion(nora, null, By(nora)));
        Here.Clock.Pass(Account.DeletionGrace - TimeSpan.FromDays(10));
        (await Here.Scalar<long>("select count(*) from accounts.left_address")).ShouldBe(1);
        await Here.Scalar<int>("update accounts.account set deletion_due_at = @now where id = @id",
            new { id = nora.Value, now = Here.Clock.GetUtcNow().UtcDateTime });
        await Here.Services.GetServices<IRecurring>().Single(r => r.Name == "erase due deletions").Run(default);
        (await Here.Scalar<long>("select count(*) from accounts.left_address")).ShouldBe(0);
        (await Here.Scalar<long>("select count(*) from kernel.mail where recipient in (@Owner, 'nora@new.example')", new { Owner }))
            .ShouldBe(0);
        await Here.Account(Owner);
    }
}
