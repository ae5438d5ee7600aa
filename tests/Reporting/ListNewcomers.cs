using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Reporting;

/// <summary>Between signing up and verifying somebody stands in the list with a label, and nowhere else (SPEC C4, A2).</summary>
[Trait("Rule", "C4"), Trait("Rule", "A2")]
public sealed class ListNewcomers : OnInstallation
{
    const string Password = "violet lantern orbit";

    OrganizationId _acme;
    DomainId _domain;

    /// <summary>Doors as wide as in an installation: strangers come through them all the same.</summary>
    protected override void Add(IServiceCollection services) => services.AddSingleton(new DoorSettings());

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _acme = await Here.Organization("acme");
        _domain = await Here.VerifiedDomain(_acme, "acme.example");
        for (var i = 0; i < 5; i++) await Here.Account($"p{i}@acme.example", $"Person {i}", managedBy: _acme);
        await Here.Quiet();
    }

    Task<string> Link(string email) => Here.TokenMailed(email, "email-verification");

    async Task<string> File(DomainId? domain = null, ManagedAccountFilter? filter = null)
    {
        using var output = new MemoryStream();
        await Here.Grant(new StreamExport(_acme, new(filter ?? ManagedAccountFilter.Everybody, domain), ByNobody, output));
        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>All that the organization counts, pays for, is told, writes or has in files.</summary>
    async Task<string> Everything()
    {
        // Counters are held for some seconds, and growth for some minutes.
        Here.Clock.Pass(TimeSpan.FromMinutes(6));
        await Here.Quiet();
        var counts = await Here.Send(new CountManagedAccounts(_acme));
        var assignment = await Here.Send(new ReadPolicyAssignment(_acme));
        var lines = new List<object>
        {
            counts with { Unverified = 0, AsOf = default },
            string.Join(' ', (await Here.Send(new ReadGrowth(_acme))).Points),
            (await Here.Send(new CountAccountsOnDomains(_acme, ["acme.example"])))["acme.example"] with { Listed = 0 },
            await File(), await File(_domain),
            await Here.Send(new CountMatchingAccounts(_acme, new(Billable: true), 1_000)),
            await Here.Send(new CountMatchingAccounts(_acme, new(Billable: false), 1_000)),
            await Here.Send(new CountMatchingAccounts(_acme, new(Policy: assignment.Default.Id.Value), 1_000)),
            await Here.Scalar<long>("select count(*) from kernel.mail where organization_id = @acme", new { acme = _acme.Value }),
            string.Join(' ',
                (await Here.Rows<string>(
                    "select action || count(*) from kernel.audit_entry where organization_id = @acme and action <> 'AccountsExported' "
                    + "and action not like '%xport%' group by action order by 1", new { acme = _acme.Value }))),
            await Here.Scalar<long>("select count(*) from security.policy_member"),
            await Here.Scalar<long>("select count(*) from sites.listed"),
        };
        return string.Join('\n', lines);
    }

    [Fact]
    public async Task Many_strangers_move_nothing_but_twenty_rows_with_a_label()
    {
        Here.Clock.Stand();
        var before = await Everything();
        var many = Proof.Size(80, 240);
        var strangers = Enumerable.Range(0, many).ToList();
        // At once, from as many addresses as let four each in.
        await Parallel.ForEachAsync(strangers, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            await Here.Grant(new SignUp(i == 60 ? "nora@acme.example" : $"fake{i}@acme.example", $"Fake {i}",
                new Origin(null, "web", $"203.0.113.{i % (many / 4)}", $"{Guid.NewGuid():N}"))));
        (await Everything()).ShouldBe(before, "nothing else of the organization moved");
        (await Unverified()).ShouldBe(20);
        var page = await Here.Grant(new ListManagedAccounts(_acme, ManagedAccountFilter.Everybody, Size: 1_000));
        page.Rows.Count(r => r.State is AccountState.Unverified).ShouldBe(20);
        page.Rows.Where(r => r.State is AccountState.Unverified).ShouldAllBe(r => r.Policy == null);
        page.Rows.Count.ShouldBe(25);
        // Who asks for them by name gets them, without a policy and without a bill.
        (await File(filter: new(State: AccountState.Unverified))).Split("\r\n")
            .Count(l => l.Contains(",Unverified,no,,", StringComparison.Ordinal)).ShouldBe(20);
        (await Here.Scalar<long>("select count(*) from accounts.account where domain = 'acme.example' and state = 0")).ShouldBe(many);

        // One of them is real.
        await Here.Grant(new FinishSignUp(await Link("nora@acme.example"), Password, ByNobody));
        await Here.Quiet();
        (await Here.Grant(new ListManagedAccounts(_acme, ManagedAccountFilter.Everybody, Size: 1_000))).Rows.Single(r =>
            r.Email == "nora@acme.example").State.ShouldBe(AccountState.Active);
        (await Here.Send(new SignIn("nora@acme.example", Password, "Firefox", ByNobody))).Granted.ShouldBeTrue();
        (await Here.Rows<string>("select template from kernel.mail where recipient = 'nora@acme.example' and organization_id = @acme",
            new { acme = _acme.Value })).ShouldBe(["claimed-notice"]);
        (await File()).Split("\r\n")
            .ShouldContain(l => l.Contains("nora@acme.example,", StringComparison.Ordinal)
                && l.Contains(",Active,yes,", StringComparison.Ordinal));

        // The next day has places of its own, and none for long.
        Here.Clock.Pass(TimeSpan.FromDays(6));
        await Sweep();
        (await Here.Scalar<long>("select count(*) from accounts.account where domain = 'acme.example' and state = 0"))
            .ShouldBe(many - 1, "not before the seventh day");
        Here.Clock.Pass(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await Sweep();
        (await Here.Scalar<long>("select count(*) from accounts.account where state = 0")).ShouldBe(0);
        (await Unverified()).ShouldBe(0);
        (await Here.Grant(new ListManagedAccounts(_acme, ManagedAccountFilter.Everybody, Size: 1_000))).Rows.Count.ShouldBe(6);
        (await Here.Scalar<long>("select count(*) from kernel.mail where recipient like 'fake%'"))
            .ShouldBe(0, "what was mailed to them is forgotten, too");
        (await Here.Scalar<long>("select count(*) from accounts.newcomers_listed")).ShouldBe(0);
        // The addresses are free.
        await Here.Grant(new SignUp("fake7@acme.example", "The Real One", ByNobody));
        (await Here.Scalar<long>("select count(*) from accounts.account where email = 'fake7@acme.example'")).ShouldBe(1);
    }

    Task Sweep() => Here.Services.GetServices<IRecurring>().Single(r => r.Name == "erase due deletions").Run(CancellationToken.None);

    async Task<long> Unverified()
    {
        Here.Clock.Pass(TimeSpan.FromSeconds(10));
        return (await Here.Send(new CountManagedAccounts(_acme))).Unverified;
    }

    [Fact]
    public async Task Whoever_got_no_place_is_claimed_at_verification_and_whoever_got_one_is_claimed_for_good()
    {
        for (var i = 0; i < 22; i++) await Here.Grant(new SignUp($"n{i}@acme.example", "New Body", ByNobody));
        foreach (var (email, listed) in ((string, bool)[])[("n0@acme.example", true), ("n21@acme.example", false)])
        {
            (await Here.Scalar<bool>("select managed_by is not null from accounts.account where email = @email", new { email }))
                .ShouldBe(listed);
            Here.Clock.Pass(TimeSpan.FromMinutes(1));
            await Here.Grant(new FinishSignUp(await Link(email), Password, ByNobody));
            (await Here.Scalar<bool>(
                "select managed_by = @acme and claimed_at > created_at and state = 1 from accounts.account where email = @email",
                new { email, acme = _acme.Value })).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task All_on_a_domain_leaves_newcomers_out_and_whoever_is_named_is_claimed()
    {
        var manual = await Here.VerifiedDomain(_acme, "manual.example", automatic: false);
        await Here.Grant(new SignUp("new@manual.example", "New Body", ByNobody));
        await Here.Account("old@manual.example");
        var draft = await Here.Grant(new BeginClaim(_acme, manual, null, ByNobody));
        var review = await Here.Grant(new ReviewBulk(_acme, draft, default));
        review.WillChange.ShouldBe(1);
        review.Refused.ShouldContain(r => r.Code == new NotVerifiedYet().Code && r.Accounts == 1);
        var id = await Here.Scalar<Guid>("select id from accounts.account where email = 'new@manual.example'");
        await Here.Grant(new ClaimAccount(new(id), _acme, "manual.example", false, ByNobody));
    }

    [Fact]
    public async Task An_admin_can_resend_delete_and_unclaim_a_newcomer_and_nothing_else()
    {
        var admin = await Here.Admin(_acme, "ada@acme.example");
        await Here.Grant(new SignUp("new@acme.example", "New Body", ByNobody));
        var id = new AccountId(await Here.Scalar<Guid>("select id from accounts.account where email = 'new@acme.example'"));
        var policy = await Here.Grant(new CreatePolicy(_acme, PolicyDraft.Initial with { Name = "Other" }, By(admin)));
        (await Here.Send(new MoveToPolicy(_acme, policy, [id], By(admin)))).Refusal.ShouldBe(new EmailUnverified());
        (await Here.Send(new DeactivateAccount(id, _acme, null, null, true, By(admin)))).Refusal.ShouldBe(new EmailUnverified());
        (await Here.Send(new ResetPasswords([id], _acme, By(admin)))).Single().Refusal.ShouldBe(new EmailUnverified());
        (await Here.Send(new AppointOrganizationAdmin(id, _acme, By(admin)))).Refusal.ShouldBe(new EmailUnverified());
        Here.Clock.Pass(TimeSpan.FromMinutes(2));
        await Here.Grant(new SendVerificationMail(id, _acme, By(admin)));
        await Here.Grant(new UnclaimAccount(id, _acme, true, By(admin)));
        // Unclaimed by an admin stays so (C7).
        await Here.Grant(new FinishSignUp(await Link("new@acme.example"), Password, ByNobody));
        (await Here.Grant(new ReadAccount(id))).ManagedBy.ShouldBeNull();
    }
}
