using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>What the gate remembers for a moment (SPEC A9): only a yes, never longer, and never in place of a no.</summary>
[Trait("Rule", "A9")]
public sealed class RecentAnswersTests
{
    readonly TestClock _clock = new();
    int _reads;

    RecentAnswers<string, string> Answers(int most = 10) => new(_clock, most);

    Func<Task<string?>> Says(string? answer) => () =>
    {
        Interlocked.Increment(ref _reads);
        return Task.FromResult(answer);
    };

    [Fact]
    public async Task A_yes_is_given_again_for_half_a_second_counted_from_before_the_read_began()
    {
        var answers = Answers();
        // The read itself takes 400 milliseconds: they count.
        (await answers.Ask("ada", () => { _clock.Pass(TimeSpan.FromMilliseconds(400)); return Says("first")(); }, default))
            .ShouldBe("first");
        (await answers.Ask("ada", Says("second"), default)).ShouldBe("first");
        _clock.Pass(TimeSpan.FromMilliseconds(100));
        (await answers.Ask("ada", Says("second"), default)).ShouldBe("second");
        (await answers.Ask("liam", Says("another"), default)).ShouldBe("another", "each question has its own answer");
        RecentAnswers<string, string>.Oldest.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task A_no_and_an_error_are_not_kept()
    {
        var answers = Answers();
        (await answers.Ask("ada", Says(null), default)).ShouldBeNull();
        await Should.ThrowAsync<IOException>(() => answers.Ask("ada", () => Task.FromException<string?>(new IOException()), default));
        (await answers.Ask("ada", Says("yes"), default)).ShouldBe("yes");
        _reads.ShouldBe(2);
    }

    [Fact]
    public async Task Many_who_ask_at_once_share_one_read_and_whoever_waits_for_a_no_reads_by_itself()
    {
        var answers = Answers();
        var slow = new TaskCompletionSource<string?>();
        var first = answers.Ask("ada", () => { Interlocked.Increment(ref _reads); return slow.Task; }, default);
        var others = Enumerable.Range(0, 20).Select(_ => answers.Ask("ada", Says("later"), default)).ToArray();
        _reads.ShouldBe(1);
        slow.SetResult("yes");
        (await Task.WhenAll(others)).ShouldAllBe(answer => answer == "yes");
        (await first, _reads).ShouldBe(("yes", 1));

        var no = new TaskCompletionSource<string?>();
        var refused = answers.Ask("liam", () => no.Task, default);
        var meanwhileGranted = answers.Ask("liam", Says("granted meanwhile"), default);
        no.SetResult(null);
        (await refused, await meanwhileGranted).ShouldBe((null, "granted meanwhile"));
    }

    [Fact]
    public async Task Whoever_goes_away_leaves_the_others_their_answer()
    {
        var answers = Answers();
        var slow = new TaskCompletionSource<string?>();
        var first = answers.Ask("ada", () => slow.Task, default);
        using var gone = new CancellationTokenSource();
        var second = answers.Ask("ada", Says("own"), gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        slow.SetResult("yes");
        (await first).ShouldBe("yes");
    }

    [Fact]
    public async Task What_was_being_read_when_something_changed_is_not_given_to_whoever_asks_after_it()
    {
        var answers = Answers();
        var slow = new TaskCompletionSource<string?>();
        var before = answers.Ask("ada", () => slow.Task, default);
        answers.Forget();
        (await answers.Ask("ada", Says("new"), default)).ShouldBe("new");
        slow.SetResult("old");
        (await before).ShouldBe("old");
        (await answers.Ask("ada", Says("newer"), default)).ShouldBe("new");
    }

    [Fact]
    public async Task No_more_than_so_many_are_kept_and_nonsense_takes_nobodys_place()
    {
        var answers = Answers(most: 3);
        for (var i = 0; i < 100; i++) (await answers.Ask($"nonsense {i}", Says(null), default)).ShouldBeNull();
        _reads = 0;
        for (var round = 0; round < 2; round++)
            for (var i = 0; i < 5; i++) (await answers.Ask($"person {i}", Says("yes"), default)).ShouldBe("yes");
        _reads.ShouldBe(3 + 2 + 2);
    }
}
