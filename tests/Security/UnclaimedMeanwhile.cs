using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Security;

/// <summary>An organization gives somebody up in the moment in which its job is at that person's credentials (SPEC A10).</summary>
[Trait("Rule", "A10")]
public sealed class UnclaimedMeanwhile : OnInstallation
{
    const string Password = "violet lantern orbit";

    [Theory]
    [InlineData("reset-password"), InlineData("log-out"), InlineData("revoke-api-tokens"), InlineData(ManyAccounts.MoveToPolicy)]
    public async Task Nothing_is_done_to_whoever_was_given_up(string action)
    {
        var acme = await Here.Organization("acme");
        var by = new Origin((await Here.Admin(acme, "ada@acme.example")).Value, "test");
        var strict = await Here.Grant(new CreatePolicy(acme, PolicyDraft.Initial with { Name = "Strict" }, by));
        var (stays, leaves) = (await Person("stays"), await Person("leaves"));
        var draft = await Here.Grant(new PrepareBulk(acme, action, [stays, leaves], null, by)
        {
            Target = action is ManyAccounts.MoveToPolicy ? $"{strict}" : null,
        });
        var job = await Here.Grant(new ConfirmBulk(acme, draft, null, null, false, false, null, by));

        Task running;
        await using (var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            // As an unclaiming does it, which has not committed when the job reads the account.
            await using (var unclaim = connection.CreateCommand())
            {
                unclaim.CommandText =
                    "update accounts.account set managed_by = null, claimed_at = null, version = version + 1 where id = $1";
                unclaim.Parameters.Add(new() { Value = leaves.Value });
                await unclaim.ExecuteNonQueryAsync();
            }
            running = Task.Run(() => Here.Walk(job));
            await TestInstallation.Others(async () => await Here.Scalar<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0);
            await transaction.CommitAsync();
        }
        await running;

        var ended = await Here.Grant(new ReadJob(acme.Value, job));
        ended.Counts.GetValueOrDefault(new NotManagedHere().Code).ShouldBe(1);
        ended.Counts.Values.Sum().ShouldBe(2);
        (await Here.Rows<Guid>("select distinct subject_id from kernel.audit_entry where job_id = @job", new { job = job.Value }))
            .ShouldBe([stays.Value]);
        (await Here.Scalar<long>("select count(*) from security.session where account_id = @id and ended_at is null",
            new { id = leaves.Value })).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from security.api_token where account_id = @id and revoked_at is null",
            new { id = leaves.Value })).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from security.password where account_id = @id and must_change",
            new { id = leaves.Value })).ShouldBe(0);

        async Task<AccountId> Person(string name)
        {
            var id = await Here.Account($"{name}@acme.example", name, managedBy: acme);
            await Here.Grant(new GivePassword([id], Password));
            await Here.Grant(new SignIn($"{name}@acme.example", Password, "Firefox", TestInstallation.Console));
            await Here.Grant(new CreateApiToken(id, name, 90, new Origin(id.Value, "test")));
            return id;
        }
    }

    [Fact, Trait("Rule", "S5")]
    public async Task Whom_another_organization_has_put_under_its_policy_stays_there()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        var by = new Origin((await Here.Admin(acme, "ada@acme.example")).Value, "test");
        var strict = await Here.Grant(new CreatePolicy(acme, PolicyDraft.Initial with { Name = "Strict" }, by));
        var theirs = await Here.Grant(new CreatePolicy(globex, PolicyDraft.Initial with { Name = "Theirs" }, by));
        var leaves = await Here.Account("leaves@acme.example", managedBy: acme);

        Task<Outcome<int>> moving;
        await using (var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            // All that the other organization does, which has not committed when the move asks who is managed.
            await using (var claim = connection.CreateCommand())
            {
                claim.CommandText = """
                    with claimed as (update accounts.account set managed_by = $2, version = version + 1 where id = $1)
                    insert into security.policy_member (account_id, organization_id, policy_id, since) values ($1, $2, $3, now())
                    """;
                foreach (var id in (Guid[])[leaves.Value, globex.Value, theirs.Value]) claim.Parameters.Add(new() { Value = id });
                await claim.ExecuteNonQueryAsync();
            }
            moving = Task.Run(() => Here.Send(new MoveToPolicy(acme, strict, [leaves], by)));
            await TestInstallation.Others(async () => await Here.Scalar<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0);
            await transaction.CommitAsync();
        }
        (await moving).Refusal.ShouldBeOfType<NotFound>();
        (await Here.Rows<Guid>("select policy_id from security.policy_member where account_id = @id", new { id = leaves.Value }))
            .ShouldBe([theirs.Value]);
    }
}
