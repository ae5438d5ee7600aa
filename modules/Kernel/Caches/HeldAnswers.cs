using System.Collections.Concurrent;

namespace DirectoryPlatform.Kernel.Caches;

/// <summary>
/// Answers that may be some time old, such as counts that cost a tenth of a second and that every page shows. Those who ask while one is
/// computed share it; a failure is not held. For what must not be old at all there is <c>FollowedAnswers</c>.
/// </summary>
/// <param name="held">How old an answer may be. One that takes longer is shared all the same, so that no two are computed at once.</param>
public class HeldAnswers<TQuestion, TAnswer>(TimeProvider clock, TimeSpan held) : ICache where TQuestion : notnull
{
    readonly ConcurrentDictionary<TQuestion, (DateTimeOffset At, Lazy<Task<TAnswer>> Answer)> _answers = new();

    /// <param name="read">Gets the time as of which the answer holds.</param>
    public async Task<TAnswer> Ask(TQuestion question, Func<DateTimeOffset, Task<TAnswer>> read)
    {
        var now = clock.GetUtcNow();
        foreach (var (old, answer) in _answers)
            if (now - answer.At > held && answer.Answer.IsValueCreated && answer.Answer.Value.IsCompleted)
                _answers.TryRemove(new(old, answer));
        var entry = _answers.GetOrAdd(question, _ => (now, new(() => read(now))));
        try { return await entry.Answer.Value; }
        catch
        {
            _answers.TryRemove(new(question, entry));
            throw;
        }
    }

    public void Forget() => _answers.Clear();

    /// <summary>What has been answered is asked anew. What is being answered is shared until then, so that no two are computed at once, and
    /// not held.</summary>
    public void Forget(Func<TQuestion, bool> which)
    {
        foreach (var (question, entry) in _answers)
            if (which(question)) _answers.TryUpdate(question, (DateTimeOffset.MinValue, entry.Answer), entry);
    }
}
