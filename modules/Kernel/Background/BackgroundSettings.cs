using Microsoft.Extensions.Configuration;

namespace DirectoryPlatform.Kernel.Background;

/// <summary>
/// How soon background work looks again for something to do, after what silence a node is taken for dead, and how much is done in one
/// transaction. All are own choices: what is waited for is seen within a second or two, and an idle installation asks its database a few
/// questions a second.
/// </summary>
/// <remarks>Tests take smaller ones where time itself is not what they test; one of them holds these values fast.</remarks>
public sealed record BackgroundSettings
{
    /// <summary>
    /// How soon another node's facts are seen, and how soon this node takes over their delivery;
    /// what this node writes is delivered at once.
    /// </summary>
    public TimeSpan OutboxIdle { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a stream of facts stands still after its node was killed or frozen; a third of it is how often a node that
    /// delivers says that it does.</summary>
    public TimeSpan DeliveryLease { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How soon another node's mails, and those whose pause is over, are seen; also the rest after a fault.</summary>
    public TimeSpan MailIdle { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How old an audit entry becomes, on a calm day, before it is sealed.</summary>
    public TimeSpan SealingIdle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How soon a job that another node began is seen, and recurring work that is due.</summary>
    public TimeSpan KeeperIdle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>Background:CheckInMilliseconds</c>: how often a node says that it lives.</summary>
    public TimeSpan CheckIn { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// <c>Background:CheckInLateMilliseconds</c>: how late it may say so before others take up its work. A node that is taken for dead
    /// while it is merely slow costs nothing: the range's row lock lets two workers take turns.
    /// </summary>
    public TimeSpan CheckInLate { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// So long a chunk's transaction may wait for its node. Then PostgreSQL ends it: the node is frozen, and what it locked is free. A node
    /// that is merely slow does the chunk once more, so it is long beside what deciding a chunk takes.
    /// </summary>
    public TimeSpan ChunkSilence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a node looks for work, and says meanwhile that it lives.</summary>
    public TimeSpan Beat => CheckIn < KeeperIdle ? CheckIn : KeeperIdle;

    /// <summary>After its last word a node keeps what it holds for so long.</summary>
    public TimeSpan Lease => CheckIn + CheckInLate;

    /// <summary>
    /// <c>Background:MostAtOnce</c>: no chunk of a job is larger, whatever its kind takes (500 to 20,000 items). Less at once is slower,
    /// holds locks for a shorter time and repeats less after a crash.
    /// </summary>
    public int MostAtOnce { get; init; } = int.MaxValue;

    /// <param name="usual">Items that a chunk of some kind of work has where nothing is said.</param>
    public int Chunk(int usual) => Math.Min(usual, MostAtOnce);

    /// <exception cref="InvalidOperationException">A setting makes no sense; the message names it.</exception>
    public static BackgroundSettings From(IConfiguration configuration)
    {
        var (section, usual) = (configuration.GetSection("Background"), new BackgroundSettings());
        return usual with
        {
            CheckIn = Milliseconds("CheckInMilliseconds", usual.CheckIn),
            CheckInLate = Milliseconds("CheckInLateMilliseconds", usual.CheckInLate),
            MostAtOnce = Number("MostAtOnce", usual.MostAtOnce, 1, int.MaxValue),
        };

        // Below 100 ms a node does little else than say that it lives; above a minute nobody would wait for it.
        TimeSpan Milliseconds(string key, TimeSpan otherwise) =>
            TimeSpan.FromMilliseconds(Number(key, (int)otherwise.TotalMilliseconds, 100, 60_000));

        int Number(string key, int otherwise, int least, int most) => section[key] switch
        {
            null or "" => otherwise,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most => number,
            var text => throw new InvalidOperationException(
                $"{section.Path}:{key} is \"{text}\", expected a whole number from {least} to {most}."),
        };
    }
}
