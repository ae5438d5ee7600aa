namespace DirectoryPlatform.Kernel.Jobs;

/// <summary>
/// Which ranges a node takes and which it gives back: as many as any other node, and an organization as many as any other that has
/// something to do. What is free goes to whoever can use it; chunks are short, so what was taken meanwhile comes back within seconds.
/// </summary>
static class RangeShares
{
    /// <param name="Take">In the order in which they should begin.</param>
    /// <param name="GiveBack">One of the own, once its chunk is written.</param>
    public sealed record Share(IReadOnlyList<OpenRange> Take, OpenRange? GiveBack);

    /// <param name="mine">Ranges that this node walks.</param>
    /// <param name="atOnce">Ranges that it can walk at the same time.</param>
    public static Share Of(OpenWork work, IReadOnlyList<OpenRange> mine, int atOnce)
    {
        var most = (int)Math.Min(atOnce, (work.Total + work.Nodes - 1) / work.Nodes);
        var held = work.Elsewhere.Concat(mine.Select(r => r.Organization)).CountBy(o => o).ToDictionary();
        var waiting = work.Waiting.ToList();
        var take = new List<OpenRange>();
        while (mine.Count + take.Count < most && Neediest() is { } next)
        {
            take.Add(next);
            waiting.Remove(next);
            held[next.Organization] = Held(next) + 1;
        }
        return new(take, TooMuch());

        int Held(OpenRange range) => held.GetValueOrDefault(range.Organization);

        OpenRange? Neediest() => waiting.OrderBy(Held).ThenBy(r => r.AskedAt).ThenBy(r => r.Job).ThenBy(r => r.No).FirstOrDefault();

        OpenRange? TooMuch()
        {
            if (take.Count > 0 || mine.OrderByDescending(Held).ThenByDescending(r => r.AskedAt).FirstOrDefault() is not { } dearest)
                return null;
            // A node that came later has nothing yet.
            if (work.Nodes > 1 && mine.Count > most) return dearest;
            // Where not all places are taken, another node has room for those who wait.
            return mine.Count >= atOnce && Neediest() is { } neediest && Held(dearest) > Held(neediest) + 1 ? dearest : null;
        }
    }
}
