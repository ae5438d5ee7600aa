using Dapper;
using Npgsql;

namespace DirectoryPlatform.Tests.Support;

/// <summary>A lane is given back as it was made, and who does not is named.</summary>
public sealed class LendLanes(LendLanes.OfThisClass some) : IClassFixture<LendLanes.OfThisClass>
{
    /// <summary>A lane that one test gives back is the next one's: making one is what costs.</summary>
    public sealed class OfThisClass
    {
        internal Lanes Lanes { get; } = new();
    }

    readonly Lanes _lanes = some.Lanes;

    static async Task<T?> Ask<T>(Lane lane, string sql)
    {
        await using var connection = new NpgsqlConnection(lane.ConnectionString);
        await connection.OpenAsync();
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    const string Fact = "insert into kernel.outbox (stream, type, payload, at) values (gen_random_uuid(), 'x', '{}', now()) returning seq";

    [Fact]
    public async Task The_next_test_finds_no_row_no_number_and_no_time_of_the_one_before()
    {
        var lane = await _lanes.Borrow("first");
        var (first, keys) = (await Ask<long>(lane, Fact), await Ask<long>(lane, "select count(*) from kernel.audit_sealed"));
        keys.ShouldBe(1);
        await Ask<int>(lane, "delete from kernel.audit_sealed");
        lane.Clock.Pass(TimeSpan.FromDays(400));
        await lane.GiveBack();
        var again = await _lanes.Borrow("second");
        again.ShouldBeSameAs(lane);
        (await Ask<long>(again, "select count(*) from kernel.outbox")).ShouldBe(0);
        (await Ask<long>(again, "select count(*) from kernel.audit_sealed")).ShouldBe(1, "what migrations wrote is there again");
        (await Ask<long>(again, Fact)).ShouldBe(first);
        again.Clock.GetUtcNow().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        await again.GiveBack();
    }

    [Fact]
    public async Task A_test_that_leaves_a_transaction_open_is_named_and_its_lane_lent_to_nobody()
    {
        var lane = await _lanes.Borrow("Careless.Leaves_its_transaction_open");
        await using (var connection = new NpgsqlConnection(lane.ConnectionString))
        {
            await connection.OpenAsync();
            await using var open = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync(Fact);
            (await Should.ThrowAsync<LeftBehind>(lane.GiveBack)).Message
                .ShouldStartWith("Careless.Leaves_its_transaction_open left behind: idle in transaction");
        }
        var next = await _lanes.Borrow("next");
        next.ShouldNotBeSameAs(lane);
        await next.GiveBack();
    }

    [Fact]
    public async Task A_test_that_changes_a_rule_of_the_database_is_named()
    {
        var lane = await _lanes.Borrow("Careless.Drops_an_index");
        await Ask<int>(lane, "alter table kernel.outbox alter column type drop not null");
        (await Should.ThrowAsync<LeftBehind>(lane.GiveBack)).Message.ShouldBe("Careless.Drops_an_index left behind: a changed schema");
    }

    [Fact]
    public async Task A_test_that_writes_after_its_end_is_named_by_the_next_borrower()
    {
        var lane = await _lanes.Borrow("Careless.Writes_on");
        await lane.GiveBack();
        await Ask<long>(lane, Fact);
        var next = await _lanes.Borrow("next");
        next.ShouldNotBeSameAs(lane);
        _lanes.LateLeaks.ShouldBe(["Careless.Writes_on went on after its end: rows in kernel.outbox"]);
        await next.GiveBack();
    }
}
