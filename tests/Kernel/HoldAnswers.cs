using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>Answers that may be some time old, by a clock that is set by hand.</summary>
[Trait("Rule", "M9")]
public sealed class HoldAnswers
{
    sealed class Numbers(TimeProvider clock) : HeldAnswers<string, int>(clock, TimeSpan.FromSeconds(30));

    [Fact]
    public async Task A_question_that_is_being_answered_is_not_asked_again_however_long_that_takes()
    {
        var clock = new TestClock();
        clock.Stand();
        var numbers = new Numbers(clock);
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        Task<int> Ask() => numbers.Ask("acme", _ =>
        {
            asked++;
            return answer.Task;
        });
        var first = Ask();
        clock.Pass(TimeSpan.FromMinutes(1));
        var second = Ask();
        asked.ShouldBe(1);
        answer.SetResult(7);
        (await first).ShouldBe(7);
        (await second).ShouldBe(7);
        // Answered by now, and too old.
        (await Ask()).ShouldBe(7);
        asked.ShouldBe(2);
        clock.Pass(TimeSpan.FromSeconds(20));
        await Ask();
        asked.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_forgotten_is_asked_again_once_it_has_been_answered_and_the_rest_is_kept()
    {
        var clock = new TestClock();
        clock.Stand();
        var numbers = new Numbers(clock);
        var before = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var waits = numbers.Ask("acme", _ => before.Task);
        (await numbers.Ask("globex", _ => Task.FromResult(1))).ShouldBe(1);
        numbers.Forget(name => name == "acme");
        var shares = numbers.Ask("acme", _ => Task.FromResult(8));
        before.SetResult(7);
        (await waits).ShouldBe(7);
        (await shares).ShouldBe(7, "no two are computed at once");
        (await numbers.Ask("acme", _ => Task.FromResult(9))).ShouldBe(9, "what was begun before is not held");
        (await numbers.Ask("acme", _ => Task.FromResult(10))).ShouldBe(9);
        numbers.Forget(name => name == "acme");
        (await numbers.Ask("acme", _ => Task.FromResult(11))).ShouldBe(11);
        (await numbers.Ask("globex", _ => Task.FromResult(9))).ShouldBe(1);
    }
}
