using System.Net;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel.Cluster;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Commands wait for their grain one after the other, but not without an end.</summary>
public sealed class RefuseWhenBusy : OnApi
{
    [Fact, Trait("Rule", "P1")]
    public async Task When_five_hundred_wait_for_one_account_the_next_is_refused_at_once_and_nobody_else_is()
    {
        var other = await Here.Account("other@acme.example", managedBy: Acme);
        await using var connection = await Here.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("select from accounts.account where id = $1 for update", connection))
        {
            hold.Parameters.AddWithValue(Liam.Value);
            await hold.ExecuteNonQueryAsync();
        }
        var asked = Enumerable.Range(0, SiloSettings.MostWaiting + 100).Select(i => Here.Send<Outcome<AccountFact>>(i % 2 == 0
            ? new DeactivateAccount(Liam, Acme, null, null, false, By(Ada))
            : new ReactivateAccount(Liam, Acme, By(Ada)))).ToList();
        // The product's own work waits, because nobody would try it again.
        var own = Here.Send<Outcome<AccountFact>>(new ReactivateAccount(Liam, Acme, ByNobody));
        // Nothing says that they arrive in this order: one that came before the first deactivation is told that nobody is deactivated.
        async Task<Busy?> Refused()
        {
            foreach (var answer in asked.Where(a => a.IsCompletedSuccessfully))
                if ((await answer).Refusal is Busy refusal) return refusal;
            return null;
        }
        await TestInstallation.Others(async () => await Refused() is not null, what: "nobody was refused");
        var busy = (await Refused()).ShouldNotBeNull();
        busy.Sentence.ShouldContain("Nothing was done");

        using (var request = new HttpRequestMessage(HttpMethod.Post, $"/users/{Liam}/manage/lifecycle/disable"))
        {
            request.Headers.Authorization = new("Bearer", (await Key(Acme, Ada)).Secret);
            using var answer = await Program.Client.SendAsync(request);
            var said = await answer.Content.ReadAsStringAsync();
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, said);
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(busy.Seconds));
            said.ShouldContain("busy");
        }
        await Here.Grant(new DeactivateAccount(other, Acme, null, null, false, ByNobody));

        await transaction.RollbackAsync();
        var answers = await Task.WhenAll(asked);
        answers.Count(a => a.Refusal is Busy).ShouldBeInRange(50, 150);
        (await own).Refusal.ShouldNotBeOfType<Busy>();
        (await Here.Scalar<long>("select version from accounts.account where id = @id", new { id = Liam.Value }))
            .ShouldBe(2 + answers.Append(await own).Count(a => a.Granted), "each of the others was decided once");
    }
}
