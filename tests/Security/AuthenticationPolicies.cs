using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Policies;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Authentication policies (SPEC S5): what they may say, who is in which, and whom they hold for.</summary>
[Trait("Rule", "S5")]
public sealed class AuthenticationPoliciesTests : OnInstallation
{
    static readonly PolicyDraft Strict = new("Contractors", true, true, PasswordStrength.Strong, 90, 5, 60, 7, false);

    OrganizationId _acme, _globex;
    AccountId _ada;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        (_acme, _globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        _ada = await Here.Admin(_acme, "ada@acme.example");
    }

    Origin ByAda => new(_ada.Value, "web");

    Task<PolicyRules> RulesOf(AccountId account) =>
        Here.Services.GetRequiredService<PolicyResolver>().Account(account, CancellationToken.None);

    [Fact]
    public async Task Every_organization_has_one_default_policy_from_the_first_look_on_and_it_stays()
    {
        var both = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Here.Send(new ReadPolicies(_acme))));
        both.Select(p => p.ShouldHaveSingleItem().Id).Distinct().ShouldHaveSingleItem();
        var only = both[0].Single();
        (only.IsDefault, only.Settings, only.Members).ShouldBe((true, PolicyDraft.Initial, null));
        (await Here.Refuse(new DeletePolicy(_acme, only.Id, ByAda))).ShouldBeOfType<DefaultPolicyStays>();
        (await Here.Send(new ReadPolicies(_globex))).Single().Id.ShouldNotBe(only.Id);
        (await Here.Grant(new ReadPolicy(_acme, only.Id))).ShouldBe(only);
        (await Here.Refuse(new ReadPolicy(_globex, only.Id))).ShouldBeOfType<NotFound>();
        (await Here.Scalar<long>("select count(*) from security.policy")).ShouldBe(0, "looking writes nothing");

        // Its name is taken before it is written, and it keeps its id when it is.
        (await Here.Refuse(new CreatePolicy(_acme, Strict with { Name = "default POLICY" }, ByAda))).ShouldBeOfType<PolicyNameTaken>();
        var made = await Task.WhenAll(Enumerable.Range(0, 10)
            .Select(i => Here.Send(new ChangePolicy(_acme, only.Id, 1, PolicyDraft.Initial with { LifeDays = 3 + i }, ByAda))));
        made.Count(m => m.Granted).ShouldBe(1);
        await Here.Grant(new CreatePolicy(_acme, Strict, ByAda));
        (await Here.Send(new ReadPolicies(_acme))).Select(p => (p.Id == only.Id, p.IsDefault, p.Version))
            .ShouldBe([(true, true, 2), (false, false, 1)]);
        (await Here.Refuse(new ChangePolicy(_globex, only.Id, 2, PolicyDraft.Initial, ByAda))).ShouldBeOfType<NotFound>();
        (await Here.Scalar<long>("select count(*) from security.policy")).ShouldBe(2);
    }

    [Fact]
    public async Task What_a_policy_may_not_say_is_refused_beside_its_field()
    {
        foreach (var (wrong, field) in (IReadOnlyList<(PolicyDraft, string?)>)
        [
            (Strict with { Name = " " }, "name"), (Strict with { Name = new('x', 101) }, "name"),
            (Strict with { Name = "a\u0007b" }, "name"), (Strict with { Password = (PasswordStrength)9 }, "password"),
            (Strict with { PasswordExpiryDays = 0 }, "passwordExpiryDays"),
            (Strict with { PasswordExpiryDays = 3_651 }, "passwordExpiryDays"), (Strict with { PasswordReuse = 25 }, "passwordReuse"),
            (Strict with { IdleMinutes = 14 }, "idleMinutes"), (Strict with { IdleMinutes = 43_201 }, "idleMinutes"),
            (Strict with { LifeDays = 0 }, "lifeDays"), (Strict with { Billable = false }, null),
        ])
        {
            var refusal = await Here.Refuse(new CreatePolicy(_acme, wrong, ByAda));
            if (field is null) refusal.ShouldBeOfType<NonBillableTwoStep>();
            else refusal.ShouldBeOfType<InvalidValue>().Field.ShouldBe(field);
        }
        // All at once, in the order of the form.
        (Strict with { Name = "", PasswordExpiryDays = 0, PasswordReuse = 25, IdleMinutes = 1, LifeDays = 0, Billable = false }).Faults
            .Select(f => f is InvalidValue value ? value.Field : f.Code).ShouldBe(
                ["name", "passwordExpiryDays", "passwordReuse", "idleMinutes", "lifeDays", "nonBillableTwoStep"]);
        Strict.Faults.ShouldBeEmpty();
        await Here.Grant(new CreatePolicy(_acme, Strict, ByAda));
        (await Here.Refuse(new CreatePolicy(_acme, Strict with { Name = " CONTRACTORS " }, ByAda))).ShouldBeOfType<PolicyNameTaken>();
        (await Here.Send(new CreatePolicy(_globex, Strict, TestInstallation.Console))).Granted
            .ShouldBeTrue("names belong to an organization");
    }

    [Fact]
    public async Task A_stale_change_is_refused_and_every_change_is_in_the_audit_log()
    {
        var id = await Here.Grant(new CreatePolicy(_acme, Strict, ByAda));
        await Here.Grant(new ChangePolicy(_acme, id, 1, Strict with { IdleMinutes = 30 }, ByAda));
        (await Here.Refuse(new ChangePolicy(_acme, id, 1, Strict with { IdleMinutes = 45 }, ByAda))).ShouldBeOfType<PolicyStale>();
        var now = await Here.Grant(new ReadPolicy(_acme, id));
        (now.Version, now.Settings.IdleMinutes).ShouldBe((2, 30));
        // Saved as it is: nothing to tell, also with spaces around the name.
        foreach (var name in (string[])[Strict.Name!, $"  {Strict.Name} "])
            await Here.Grant(new ChangePolicy(_acme, id, 2, Strict with { IdleMinutes = 30, Name = name }, ByAda));
        (await Here.Grant(new ReadPolicy(_acme, id))).Version.ShouldBe(2);
        await Here.Grant(new DeletePolicy(_acme, id, ByAda));
        (await Here.Rows<string>(
            "select action from kernel.audit_entry where subject_id = @id and organization_id = @acme and actor_id = @ada order by at, id",
            new { id = id.Value, acme = _acme.Value, ada = _ada.Value }))
            .ShouldBe(["PolicyCreated", "PolicyChanged", "PolicyDeleted"]);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where coalesce(before->'rules', after->'rules') is not null"))
            .ShouldBe(0, "what an entry says is said once");
    }

    [Fact]
    public async Task A_managed_account_is_under_its_policy_or_the_default_one_and_nobody_else_under_any()
    {
        var (liam, jane) = (await Here.Account("liam@acme.example", managedBy: _acme),
            await Here.Account("jane@acme.example", managedBy: _acme));
        var outsider = await Here.Account("out@mail.example");
        (await RulesOf(liam)).ShouldBe(PolicyRules.WithoutPolicy);
        var (first, strict) = ((await Here.Send(new ReadPolicies(_acme))).Single(),
            await Here.Grant(new CreatePolicy(_acme, Strict, ByAda)));
        await Here.Grant(new ChangePolicy(_acme, first.Id, 1, PolicyDraft.Initial with { LifeDays = 3 }, ByAda));
        (await Here.Grant(new MoveToPolicy(_acme, strict, [liam], ByAda))).ShouldBe(1);
        (await Here.Grant(new MoveToPolicy(_acme, strict, [liam], ByAda))).ShouldBe(0, "there already");
        var fresh = await Here.Account("fresh@acme.example", verified: false, managedBy: _acme);
        (await Here.Refuse(new MoveToPolicy(_acme, strict, [fresh], ByAda))).ShouldBeOfType<EmailUnverified>();
        (await RulesOf(liam)).ShouldBe(Strict.Rules);
        (await RulesOf(jane)).SessionLife.ShouldBe(TimeSpan.FromDays(3));
        (await RulesOf(outsider)).ShouldBe(PolicyRules.WithoutPolicy);
        (await Here.Send(new ReadPolicyOf(_acme, liam)))!.Id.ShouldBe(strict);
        (await Here.Send(new ReadPolicyOf(_globex, liam))).ShouldBeNull();
        (await Here.Grant(new ReadPolicy(_acme, strict))).Members.ShouldBe(1);

        await Here.Grant(new DeletePolicy(_acme, strict, ByAda));
        (await RulesOf(liam)).SessionLife.ShouldBe(TimeSpan.FromDays(3));
    }

    [Fact, Trait("Rule", "C7")]
    public async Task Whoever_is_unclaimed_leaves_the_policies_at_once_and_does_not_come_back_to_them()
    {
        await Here.VerifiedDomain(_acme, "acme.example", automatic: false);
        var liam = await Here.Account("liam@acme.example", managedBy: _acme);
        var strict = await Here.Grant(new CreatePolicy(_acme, Strict, ByAda));
        await Here.Grant(new MoveToPolicy(_acme, strict, [liam], ByAda));
        await Here.Grant(new UnclaimAccount(liam, _acme, true, ByAda));
        (await RulesOf(liam)).ShouldBe(PolicyRules.WithoutPolicy, "before anybody has heard of it");
        await Here.StartBackground();
        await Here.Quiet();
        await Here.Grant(new ClaimAccount(liam, _acme, "acme.example", true, ByAda));
        (await Here.Send(new ReadPolicyOf(_acme, liam)))!.IsDefault.ShouldBeTrue();
    }

    [Fact, Trait("Rule", "S8")]
    public async Task Foreign_policies_and_accounts_are_as_good_as_none()
    {
        var (mine, theirs) = (await Here.Account("liam@acme.example", managedBy: _acme),
            await Here.Account("gus@globex.example", managedBy: _globex));
        var (ours, foreign) = (await Here.Grant(new CreatePolicy(_acme, Strict, ByAda)),
            await Here.Grant(new CreatePolicy(_globex, Strict, TestInstallation.Console)));
        (await Here.Refuse(new ReadPolicy(_acme, foreign))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new ChangePolicy(_acme, foreign, 1, Strict, ByAda))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new DeletePolicy(_acme, foreign, ByAda))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new MoveToPolicy(_acme, foreign, [mine], ByAda))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new MoveToPolicy(_acme, ours, [mine, theirs], ByAda))).ShouldBeOfType<NotFound>();
        (await Here.Scalar<long>("select count(*) from security.policy_member")).ShouldBe(0, "all or none");
        (await Here.Grant(new ReadPolicy(_globex, foreign))).Version.ShouldBe(1);
    }

    [Theory, Trait("Rule", "C7")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_is_claimed_again_before_the_unclaiming_was_heard_comes_back_under_the_default_policy(bool inBulk)
    {
        await Here.VerifiedDomain(_acme, "acme.example", automatic: false);
        var liam = await Here.Account("liam@acme.example", managedBy: _acme);
        var (strict, other) = (await Here.Grant(new CreatePolicy(_acme, Strict, ByAda)),
            await Here.Grant(new CreatePolicy(_acme, Strict with { Name = "Other" }, ByAda)));
        await Here.Grant(new MoveToPolicy(_acme, strict, [liam], ByAda));
        Here.Clock.Pass(TimeSpan.FromMinutes(1));
        if (inBulk)
        {
            var job = await Here
                .Grant(new ConfirmBulk(_acme, await Here.Grant(new PrepareBulk(_acme, ManyAccounts.Unclaim, [liam], null, ByAda)), null,
                    null,
                    false, true, null, ByAda));
            await Here.Services.GetRequiredService<JobWorker>().Run(job.Value, 1, CancellationToken.None);
        }
        else await Here.Grant(new UnclaimAccount(liam, _acme, true, ByAda));
        await Here.Grant(new ClaimAccount(liam, _acme, "acme.example", true, ByAda));
        (await RulesOf(liam)).ShouldBe(PolicyRules.WithoutPolicy, "nobody has heard of it yet");
        (await Here.Send(new ReadPolicyOf(_acme, liam)))!.IsDefault.ShouldBeTrue();
        (await Here.Scalar<long>("select count(*) from security.policy_member")).ShouldBe(1);
        await Here.StartBackground();
        await Here.Quiet();
        (await Here.Scalar<long>("select count(*) from security.policy_member")).ShouldBe(0, "the row from before goes with the fact");
        await Here.Grant(new MoveToPolicy(_acme, other, [liam], ByAda));
        (await Here.Send(new ReadPolicyOf(_acme, liam)))!.Id.ShouldBe(other);
    }

    [Fact, Trait("Rule", "C7")]
    public async Task What_an_admin_has_chosen_since_outlives_an_unclaiming_that_is_heard_late()
    {
        await Here.VerifiedDomain(_acme, "acme.example", automatic: false);
        var liam = await Here.Account("liam@acme.example", managedBy: _acme);
        var strict = await Here.Grant(new CreatePolicy(_acme, Strict, ByAda));
        await Here.Grant(new UnclaimAccount(liam, _acme, true, ByAda));
        await Here.Grant(new ClaimAccount(liam, _acme, "acme.example", true, ByAda));
        await Here.Grant(new MoveToPolicy(_acme, strict, [liam], ByAda));
        await Here.StartBackground();
        await Here.Quiet();
        (await Here.Send(new ReadPolicyOf(_acme, liam)))!.Id.ShouldBe(strict);
    }

    [Fact]
    public async Task People_are_moved_by_their_addresses_typed_or_from_a_file_and_every_other_line_is_told()
    {
        for (var i = 0; i < 3; i++) await Here.Account($"p{i}@acme.example", managedBy: _acme);
        await Here.Account("gus@globex.example", managedBy: _globex);
        var strict = await Here.Grant(new CreatePolicy(_acme, Strict, ByAda));
        var typed = await Here.Grant(
            new MoveToPolicyByEmail(_acme, strict, "P0@ACME.example, gus@globex.example;nobody@acme.example\nnonsense", null, ByAda));
        (typed.Accounts, typed.Already).ShouldBe((1, 0));
        typed.Left.Select(l => (l.Line, l.Text)).ShouldBe([(1, "gus@globex.example"), (1, "nobody@acme.example"), (2, "nonsense")]);
        typed.Left[0].Why.ShouldBe(typed.Left[1].Why, "whether a foreign address has an account is nobody's business");
        var file = await Here
            .Grant(new MoveToPolicyByEmail(_acme, strict, null,
                new MemoryStream([.. Encoding.UTF8.GetPreamble(),
                    .. "email\r\np0@acme.example\r\np1@acme.example\r\n\r\nP1@acme.example\r\n"u8.ToArray()]), ByAda));
        (file.Accounts, file.Already, file.Left.Count).ShouldBe((1, 1, 0));
        (await Here.Refuse(new MoveToPolicyByEmail(_acme, strict, " , ", null, ByAda))).ShouldBeOfType<FileEmpty>();
        (await Here.Refuse(new MoveToPolicyByEmail(_acme, strict,
            string.Join(' ', Enumerable.Range(0, 10_001).Select(i => $"x{i}@acme.example")), null, ByAda))).ShouldBeOfType<TooManyRows>();
    }

    [Fact, Trait("Rule", "S6")]
    public async Task What_concerns_signing_in_holds_from_the_next_sign_in_and_tokens_at_once()
    {
        var liam = await Here.Account("liam@acme.example", managedBy: _acme);
        await Here.Grant(new GivePassword([liam], "violet lantern orbit"));
        Task<Outcome<SignedIn>> SignIn() =>
            Here.Send(new SignIn("liam@acme.example", "violet lantern orbit", "Firefox", TestInstallation.Console));
        var before = (await SignIn()).Value.Token;
        var token = await Here.Grant(new CreateApiToken(liam, "backup", 30, new(liam.Value, "web")));
        var quick = await Here
            .Grant(new CreatePolicy(_acme, PolicyDraft.Initial with { Name = "Quick", IdleMinutes = 15, ApiTokens = false }, ByAda));
        await Here.Grant(new MoveToPolicy(_acme, quick, [liam], ByAda));
        await using var node = Here.AnotherNode();
        (await node.Send(new AuthenticateBearer(token.Secret))).ShouldBeNull("at once, on every node");

        var after = (await SignIn()).Value.Token;
        Here.Clock.Pass(TimeSpan.FromMinutes(14));
        (await Here.Send(new AuthenticateSession(after))).ShouldNotBeNull();
        Here.Clock.Pass(TimeSpan.FromMinutes(14));
        (await Here.Send(new AuthenticateSession(after))).ShouldNotBeNull("it counts from the last click");
        Here.Clock.Pass(TimeSpan.FromMinutes(16));
        (await Here.Send(new AuthenticateSession(after))).ShouldBeNull();
        (await Here.Send(new AuthenticateSession(before))).ShouldNotBeNull("a session keeps the rules that it began under");

        await Here.Grant(new ChangePolicy(_acme, quick, 1, PolicyDraft.Initial with { Name = "Quick", TwoStepMandatory = true }, ByAda));
        (await SignIn()).Refusal.ShouldBeOfType<StepNeeded>().Step.ShouldBe(SignInStep.SetUpTwoStep);
        (await node.Send(new AuthenticateBearer(token.Secret))).ShouldNotBeNull("allowed again");
    }
}
