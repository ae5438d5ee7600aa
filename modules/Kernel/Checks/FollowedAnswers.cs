using System.Collections.Concurrent;
using System.Diagnostics;

namespace DirectoryPlatform.Kernel.Checks;

/// <summary>A yes, until when it holds at the longest, and what it rests on: ids that triggers name when it may be so no longer.</summary>
/// <param name="Until">Whatever ends by time alone, or has to be noted again: expiry, idle limit, last use.</param>
public sealed record Followed<TYes>(TYes Yes, DateTimeOffset Until, params Guid[] Subjects);

/// <summary>
/// Answers to a question that every request asks (SPEC A9), given again until they are revoked: see <see cref="Revocations"/>. Only a yes
/// is kept. What was being read when something was dropped is not kept, because it may have been read before.
/// </summary>
public class FollowedAnswers<TQuestion, TYes> : ICache, IFollowed
    where TQuestion : notnull
    where TYes : class
{
    /// <summary>Nothing is kept of whoever stays away, and last use is noted to the minute.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    readonly Revocations _revocations;
    readonly Admissions _admissions;
    readonly TimeProvider _clock;
    readonly int _most;
    readonly ConcurrentDictionary<TQuestion, Followed<TYes>> _known = new();
    readonly Lock _gate = new();
    readonly Dictionary<Guid, HashSet<TQuestion>> _of = [];

    /// <param name="most">Answers kept at a time; further questions are read each time.</param>
    public FollowedAnswers(Revocations revocations, Admissions admissions, TimeProvider clock, int most)
    {
        (_revocations, _admissions, _clock, _most) = (revocations, admissions, clock, most);
        revocations.Add(this);
    }

    /// <summary>Whoever is let in by it, is so as of the look that let it stand (<see cref="Admission.RestsOn"/>).</summary>
    /// <param name="read">Reads the rows; null for no.</param>
    public ValueTask<TYes?> Ask(TQuestion question, Func<Task<Followed<TYes>?>> read)
    {
        // In this order: what is found was still there after that look, and no pause between these lines makes it count.
        var look = _revocations.LookBegan;
        if (!_known.TryGetValue(question, out var known) || _clock.GetUtcNow() >= known.Until || !Revocations.Counts(look))
            return new(Read(question, read));
        _admissions.Now?.RestsOn(look);
        return new(known.Yes);
    }

    async Task<TYes?> Read(TQuestion question, Func<Task<Followed<TYes>?>> read)
    {
        var (drops, began) = (_revocations.Drops, Stopwatch.GetTimestamp());
        var found = await read();
        _admissions.Now?.RestsOn(began);
        if (found is null) return null;
        if (_revocations.Follow()) Keep(question, found, drops);
        return found.Yes;
    }

    void Keep(TQuestion question, Followed<TYes> found, long drops)
    {
        var atMost = _clock.GetUtcNow() + Longest;
        if (found.Until > atMost) found = found with { Until = atMost };
        lock (_gate)
        {
            if (_revocations.Drops != drops) return;
            if (_known.TryGetValue(question, out var before)) Remove(question, before);
            else if (_known.Count >= _most) return;
            _known[question] = found;
            foreach (var subject in found.Subjects)
            {
                if (!_of.TryGetValue(subject, out var questions)) _of[subject] = questions = [];
                questions.Add(question);
            }
        }
    }

    public void Forget() => ((IFollowed)this).Drop(null);

    void IFollowed.Drop(Guid[]? subjects)
    {
        lock (_gate)
        {
            if (subjects is null)
            {
                _known.Clear();
                _of.Clear();
                return;
            }
            foreach (var subject in subjects)
                if (_of.TryGetValue(subject, out var questions))
                    foreach (var question in questions.ToArray())
                        if (_known.TryGetValue(question, out var known)) Remove(question, known);
        }
    }

    int IFollowed.Sweep()
    {
        var now = _clock.GetUtcNow();
        lock (_gate)
        {
            foreach (var (question, known) in _known)
                if (now >= known.Until) Remove(question, known);
            return _known.Count;
        }
    }

    void Remove(TQuestion question, Followed<TYes> known)
    {
        _known.TryRemove(question, out _);
        foreach (var subject in known.Subjects)
            if (_of.TryGetValue(subject, out var questions) && questions.Remove(question) && questions.Count == 0) _of.Remove(subject);
    }
}
