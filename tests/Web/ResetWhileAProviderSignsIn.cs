using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// A reset reaches people under single sign-on as well (SPEC A10, A14): a sign-in that was under way leaves no session behind it.
/// </summary>
[Trait("Rule", "A14")]
public sealed class ResetWhileAProviderSignsIn(OneProvider one) : OnAProvider(one)
{
    Task<long> Waiting() =>
        Here.Scalar<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");

    [Fact]
    public async Task A_sign_in_at_the_provider_that_is_under_way_while_passwords_are_reset_leaves_no_session_behind()
    {
        await SetUp();
        var draft = await Here.Grant(new PrepareBulk(Acme, "reset-password", [Liam], null, By(Ada)));
        using var liam = Site.Somebody();
        var path = await Post(await Answer(liam, Go(), "liam@acme.example"));
        Task<HttpResponseMessage> late;
        await using (var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            // Between the answer, which it has taken, and the session, which it will begin.
            await using (var hold = new NpgsqlCommand("lock table security.policy in access exclusive mode", connection))
                await hold.ExecuteNonQueryAsync();
            late = liam.Get(path);
            await TestInstallation.Others(async () => await Waiting() == 1, what: "the sign-in does not wait");
            const string Untaken = "select count(*) from security.provider_answer where account_id = @id and taken_at is null";
            (await Here.Scalar<long>(Untaken, new { id = Liam.Value }))
                .ShouldBe(0, "the answer is taken");
            var job = await Here.Grant(new ConfirmBulk(Acme, draft, null, null, false, false, null, By(Ada)));
            foreach (var range in await Here.Rows<int>("select no from kernel.job_range where job_id = @job", new { job = job.Value }))
                await Here.Services.GetRequiredService<JobWorker>().Run(job.Value, range, default);
            (await Here.Grant(new ReadJob(Acme.Value, job))).Done.ShouldBe(1);
            await transaction.CommitAsync();
        }
        using var answer = await late;
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Said(answer)).ShouldContain("something changed in the meantime");
        liam.Session.ShouldBeNull();
        (await Sessions(Liam)).ShouldBe(0);
        // Afterwards the provider signs in as ever.
        using var again = await Visit(liam, Go(), "liam@acme.example");
        (again.StatusCode, await Sessions(Liam)).ShouldBe((HttpStatusCode.Redirect, 1L));
    }
}
