using System.Text;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>An action of some ten lines gets input, preview, confirmation, job, results and undo (SPEC A10, C8, C9, M11).</summary>
[Trait("Rule", "C8"), Trait("Rule", "C9")]
public sealed class DoMany : OnInstallation
{
    /// <summary>Writes words on a wall; a wish for silence is refused.</summary>
    sealed class Paint(BulkDrafts drafts, NpgsqlDataSource database, BackgroundSettings settings) : BulkAction(drafts, database, settings)
    {
        public override string Name => "paint";
        public override string Family => "words";
        public override BulkWords Words => new("Paint", "pencil", "painted", false, []) { Items = ("word", "words") };
        public override BulkUndo Undo => new("painted", "wipe");

        protected override Task<IReadOnlyList<Outcome<string>>> Decide(BulkRun run, IReadOnlyList<BulkItem> items,
            NpgsqlConnection connection, CancellationToken ct) => Task.FromResult<IReadOnlyList<Outcome<string>>>(
                [.. items.Select(i => i.Text == "silence" ? new NothingToDo() : (Outcome<string>)"painted")]);

        protected override Task<BulkDone> Do(BulkRun run, IReadOnlyList<BulkItem> items, IReadOnlyList<Outcome<string>> decided,
            NpgsqlConnection connection, CancellationToken ct) => Task.FromResult<BulkDone>(new(decided,
                [.. items.Where((_, i) => decided[i].Granted).Select(i =>
                    new NpgsqlBatchCommand("insert into kernel.setting (name, value) values ('wall ' || $1, 'x')")
                    { Parameters = { new() { Value = $"{i.Item}" } } })]));
    }

    sealed class Wipe(BulkDrafts drafts, NpgsqlDataSource database, BackgroundSettings settings) : BulkAction(drafts, database, settings)
    {
        public override string Name => "wipe";
        public override string Family => "words";
        public override BulkWords Words => new("Wipe", "eraser", "wiped", true, []) { Items = ("word", "words") };

        protected override Task<IReadOnlyList<Outcome<string>>> Decide(BulkRun run, IReadOnlyList<BulkItem> items,
            NpgsqlConnection connection, CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<Outcome<string>>>([.. items.Select(_ => (Outcome<string>)"wiped")]);

        protected override Task<BulkDone> Do(BulkRun run, IReadOnlyList<BulkItem> items, IReadOnlyList<Outcome<string>> decided,
            NpgsqlConnection connection, CancellationToken ct) => Task.FromResult<BulkDone>(new(decided,
                [new("delete from kernel.setting where name = any($1)")
                    { Parameters = { new() { Value = items.Select(i => $"wall {i.Item}").ToArray() } } }]));
    }

    TestInstallation Node() => Here.AnotherNode(services => services.AddSingleton<IBulkAction, Paint>()
        .AddSingleton<IBulkAction, Wipe>());

    [Fact]
    public async Task A_toy_action_is_previewed_confirmed_done_told_and_taken_back()
    {
        await using var node = Node();
        var acme = await Here.Organization("acme");
        var origin = TestInstallation.Console;
        var items = ((string[])["hello", "silence", "world"]).Select((text, i) => new BulkItem(Guid.CreateVersion7(), text,
            i + 1)).ToList();
        items = [.. items.Select(i => i.Item).Order().Zip(items, (id, item) => item with { Item = id })];
        var draft = await node.Services.GetRequiredService<BulkDrafts>().Insert(
            new BulkDraft { OrganizationId = acme.Value, Action = "paint" }, [new(4, "?", "No word.")], items, default);

        var review = await node.Grant(new ReviewBulk(acme, draft, default));
        (review.Title, review.WillChange, review.Refused.Single().Code, review.BadLines.Single().Text, review.ToType)
            .ShouldBe(("Paint 2 words", 2, "nothingToDo", "?", null));
        review.Sample.Select(s => s.Name).ShouldBe(["hello", "world"]);
        (await node.Refuse(new ReviewBulk(await Here.Organization("globex"), draft, default))).ShouldBeOfType<NotFound>();
        (await Lines(node, output => new ExportBulkReview(acme, draft, default, output)))
            .ShouldBe(["Item,Result", "hello,will be painted", $"silence,{new NothingToDo().Sentence}", "world,will be painted"]);
        (await Wall()).ShouldBe(0, "a preview writes nothing");

        var job = await Run(node, acme, await node.Grant(new ConfirmBulk(acme, draft, null, null, false, false, null, origin)));
        (job.Title, job.State, await Wall()).ShouldBe(("Paint 2 words", JobState.Done, 2));
        job.Counts.ShouldBe(new Dictionary<string, long> { ["painted"] = 2, ["nothingToDo"] = 1 }, ignoreOrder: true);
        (await node.Grant(new ConfirmBulk(acme, draft, null, null, false, false, null, origin))).ShouldBe(job.Id, "a second click");
        (await Lines(node, output => new ExportJobResults(acme, job.Id, output)))
            .ShouldBe(["Item,Result", "hello,painted", "silence,nothingToDo", "world,painted"]);

        (await node.Send(new IsUndoable(job))).ShouldBeTrue();
        var undo = await node.Grant(new PrepareUndo(acme, job.Id, origin));
        (undo.Action, (await node.Grant(new ReviewBulk(acme, undo.Draft, default))).Title).ShouldBe(("wipe", "Undo: wipe 2 words"));
        var back = await Run(node, acme, await node.Grant(new ConfirmBulk(acme, undo.Draft, null, null, false, false, null, origin)));
        (back.Counts["wiped"], await Wall()).ShouldBe((2, 0));
        (await node.Refuse(new PrepareUndo(acme, back.Id, origin))).ShouldBeOfType<NotUndoable>();
    }

    Task<long> Wall() => Here.Scalar<long>("select count(*) from kernel.setting where name like 'wall %'");

    static async Task<string[]> Lines(TestInstallation node, Func<Stream, MediatR.IRequest<Outcome<Done>>> export)
    {
        using var output = new MemoryStream();
        await node.Grant(export(output));
        return Encoding.UTF8.GetString(output.ToArray()).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    async Task<JobView> Run(TestInstallation node, OrganizationId organization, JobId job)
    {
        foreach (var range in await Here.Rows<int>("select no from kernel.job_range where job_id = @job", new { job = job.Value }))
            await node.Services.GetRequiredService<JobWorker>().Run(job.Value, range, CancellationToken.None);
        return await Here.Grant(new ReadJob(organization.Value, job));
    }
}
