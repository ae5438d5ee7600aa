using DirectoryPlatform.Accounts;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Words;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Web;

/// <summary>What an action on many accounts gets by being registered, as the guide to the modules promises it.</summary>
public sealed class AddAnAction : OnInstallation
{
    sealed record TooShort() : Refusal("tooShort", "This name is too short.");
    sealed record TooLong() : Refusal("tooLong", "This name is too long.");

    sealed class GreetThem : DependentAction
    {
        public override string Name => "greet";
        public override string Code => "greeted";
        public override BulkWords Words => new("Greet", "mail", "greeted", false, ["They get a mail."]);

        public override IReadOnlyList<(string, Refusal)> Obstacles(string now, string by, string target) =>
            [("length(a.name) < 3", new TooShort()), ("length(a.name) > 5", new TooLong())];

        public override async Task<DoneWithAccounts> Do(AccountsToChange chunk, Change change, CancellationToken ct)
        {
            var greeted = (await change.Rows<Guid>(
                "select id from accounts.account where id = any(@Ids) and length(name) between 3 and 5", new { chunk.Ids })).ToHashSet();
            foreach (var person in chunk.Those(greeted))
            {
                change.WriteAudit(chunk.By, person.Id.Value, AccountActions.VerificationMailSent);
                if (chunk.Notify) change.QueueMail(new(person.Email, "Hello", "Good morning.", chunk.By.Value));
            }
            return new(greeted);
        }
    }

    protected override void Add(IServiceCollection services) => services.AddAccountAction<GreetThem>();

    [Fact, Trait("Rule", "A10"), Trait("Rule", "C8")]
    public async Task It_has_its_place_in_the_menu_a_reason_for_each_account_entries_and_mails()
    {
        new BulkMenu(Here.Services.GetServices<BulkAccountAction>()).Offered.Select(o => o.Label).ShouldBe(
            ["Deactivate", "Reactivate", "Delete", "Cancel deletion", "Unclaim", "Reset password", "Sign out everywhere",
                "Revoke API tokens", "Greet"]);

        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var admin = await Here.Admin(acme, "ada@acme.example");
        var people = new List<AccountId>();
        foreach (var name in (string[])["Al", "Bo", "Carl", "Dorothea", "Edwin", "Frank"])
            people.Add(await Here.Account($"{name.ToLowerInvariant()}@acme.example", name, managedBy: acme));
        var draft = await Here.Grant(new PrepareBulk(acme, "greet", people, null, By(admin)));
        var review = await Here.Grant(new ReviewBulk(acme, draft, admin));
        review.Title.ShouldBe("Greet 3 accounts");
        var reasons = new Dictionary<string, long> { ["tooShort"] = 2, ["tooLong"] = 1 };
        review.Refused.ToDictionary(r => r.Code, r => r.Accounts).ShouldBe(reasons, ignoreOrder: true);

        await Here.Grant(new UnclaimAccount(people[5], acme, false, By(admin)));
        await Here.Grant(new ClaimAccount(people[5], globex, "acme.example", true, By(admin)));
        var job = await Here.Grant(new ConfirmBulk(acme, draft, null, null, true, false, null, By(admin)));
        await Here.Services.GetRequiredService<JobWorker>().Run(job.Value, 1, CancellationToken.None);
        (await Here.Grant(new ReadJob(acme.Value, job))).Counts.ShouldBe(
            new Dictionary<string, long>(reasons) { ["greeted"] = 2, ["notManagedHere"] = 1 }, ignoreOrder: true);
        (await Here.Rows<Guid>("select subject_id from kernel.audit_entry where job_id = @job and means = 'job' and actor_id = @admin",
            new { job = job.Value, admin = admin.Value })).ShouldBe([people[2].Value, people[4].Value], ignoreOrder: true);
        (await Here.Rows<string>("select recipient from kernel.mail where template = 'plain' and organization_id = @acme",
            new { acme = acme.Value })).ShouldBe(["carl@acme.example", "edwin@acme.example"], ignoreOrder: true);
    }
}
