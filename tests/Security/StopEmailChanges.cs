using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Somebody at an open browser asks for another address: who has the present one is told and stops it, and who has the new one
/// must be the same person (SPEC A15).</summary>
[Trait("Rule", "A15")]
public sealed class StopEmailChanges : OnMovedAddress
{
    [Fact]
    public async Task The_present_address_is_told_at_once_and_stops_the_change_without_a_session_once()
    {
        var nora = await Nora();
        await Here.Grant(new RequestEmailChange(nora, Thief, By(nora)));
        var (confirm, stop) = (await Link(Thief, "email-confirmation"), await Link(Owner, "email-change-asked"));
        (await Here.Grant(new ReadStoppableChange(stop))).Email.ShouldBe(Thief);
        (await Here.Grant(new ReadStoppableChange(stop))).Email.ShouldBe(Thief, "to look changes nothing");
        (await Here.Refuse(new StopEmailChange(confirm, ByNobody)))
            .ShouldBeOfType<ChangeNotWaiting>("the link of the new mailbox stops nothing");
        await using var node = Here.AnotherNode();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10)
            .Select(i => (i % 2 == 0 ? Here : node).Send(new StopEmailChange(stop, TestInstallation.Console))));
        outcomes.Count(o => o.Granted).ShouldBe(1);
        (await node.Send(new FollowEmailChangeLink(confirm, ByNobody))).Refusal.ShouldBeOfType<LinkVoid>();
        (await Email(nora)).ShouldBe(Owner);
        (await Here.Send(new ReadPendingEmail(nora))).ShouldBeNull();
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where subject_id = @id and action = 'EmailChangeStopped'",
            new { id = nora.Value })).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from accounts.email_change c where c::text like '%' || @stop || '%'", new { stop }))
            .ShouldBe(0, "only its hash is kept");
        foreach (var wrong in (string?[])[null, "", "x", new('x', 5_000), stop[..^1], stop])
            (await Here.Refuse(new StopEmailChange(wrong, ByNobody))).ShouldBeOfType<ChangeNotWaiting>();
    }

    [Fact]
    public async Task A_change_to_an_address_in_use_is_told_and_stopped_alike()
    {
        var nora = await Nora();
        await Here.Account("taken@mail.example");
        await Here.Grant(new RequestEmailChange(nora, "taken@mail.example", By(nora)));
        await Here.Grant(new StopEmailChange(await Link(Owner, "email-change-asked"), ByNobody));
        (await Here.Send(new ReadPendingEmail(nora))).ShouldBeNull();
    }

    [Fact]
    public async Task The_link_of_the_new_mailbox_needs_the_askers_live_session_or_the_password()
    {
        var nora = await Nora();
        var olga = await Here.Account("olga@mail.example");
        await Here.Grant(new GivePassword([olga], Old));
        await Here.Grant(new RequestEmailChange(nora, "nora@new.example", By(nora)));
        var token = await Link("nora@new.example", "email-confirmation");
        var (her, other) = (await SignedIn(Owner), await SignedIn("olga@mail.example"));
        Task<Refusal> Refused(Visitor? visitor, string? password) => Here.Refuse(new ConfirmNewEmail(token, visitor, password, ByNobody));
        (await Refused(null, null)).ShouldBeOfType<PasswordNeeded>();
        (await Refused(other, null)).ShouldBeOfType<PasswordNeeded>("somebody else's session");
        (await Refused(her with { Means = "api token" }, null)).ShouldBeOfType<PasswordNeeded>("a program is nobody at a browser");
        (await Refused(null, New)).ShouldBeOfType<InvalidValue>().Field.ShouldBe("password");
        (await Email(nora)).ShouldBe(Owner);
        (await Here.Grant(new ReadNewEmail(token, null))).NeedsPassword.ShouldBeTrue();
        (await Here.Grant(new ReadNewEmail(token, her))).NeedsPassword.ShouldBeFalse();
        (await Here.Grant(new ConfirmNewEmail(token, her, null, By(nora)))).Value.ShouldBe("nora@new.example");

        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Grant(new RequestEmailChange(nora, "nora@other.example", By(nora)));
        var second = await Link("nora@other.example", "email-confirmation");
        (await Here.Grant(new ConfirmNewEmail(second, null, Old, ByNobody))).Value.ShouldBe("nora@other.example");
        (await Here.Refuse(new ConfirmNewEmail(second, null, Old, ByNobody))).ShouldBeOfType<LinkVoid>();
    }

    [Fact]
    public async Task Guessing_the_password_behind_the_link_is_slowed_down_as_at_the_sign_in()
    {
        Here.Clock.Stand();
        var nora = await Nora();
        await Here.Grant(new RequestEmailChange(nora, Thief, By(nora)));
        var token = await Link(Thief, "email-confirmation");
        for (var i = 0; i < 6; i++) await Here.Refuse(new ConfirmNewEmail(token, null, "wrong", ByNobody));
        (await Here.Refuse(new ConfirmNewEmail(token, null, Old, ByNobody))).ShouldBeOfType<TooManyAttempts>();
    }

    [Fact]
    public async Task A_reset_that_commits_first_leaves_nothing_to_confirm_however_far_the_confirmation_was()
    {
        var nora = await Nora();
        await Here.Grant(new RequestEmailChange(nora, Thief, By(nora)));
        var asked = await Here.Scalar<Guid>("select id from accounts.email_change");
        await Here.Grant(new ChangePassword(nora, Guid.Empty, Old, New, By(nora)));
        // The follower has read the link before the change, and its turn comes after it.
        (await Here.Refuse(new ChangeEmailAddress(nora, null, EmailAddress.Trusted(Owner), EmailAddress.Trusted(Thief), null,
            By(nora))
        { Asked = asked })).ShouldBeOfType<LinkVoid>();
        (await Email(nora)).ShouldBe(Owner);
    }
}
