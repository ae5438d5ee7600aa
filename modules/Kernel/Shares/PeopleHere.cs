namespace DirectoryPlatform.Kernel.Shares;

/// <summary>Whose people were answered on this node just now. The last organization and the last other one are enough to say for any that
/// somebody of another one is here.</summary>
public sealed class PeopleHere(TimeProvider clock)
{
    /// <summary>About as long as somebody looks at a page before the next click (own choice): what made room for one makes it for all.
    /// </summary>
    public static readonly TimeSpan Stay = TimeSpan.FromSeconds(10);

    /// <summary>A page more or less within it changes nothing.</summary>
    static readonly TimeSpan Exactly = TimeSpan.FromSeconds(1);

    sealed record Seen(Guid Organization, long At, Seen? Other);

    /// <summary>Of two that are written at once one may be lost: the next page says it again.</summary>
    volatile Seen? _last;

    /// <param name="organization">The default for people of none.</param>
    public void Note(Guid organization)
    {
        var (now, last) = (clock.GetTimestamp(), _last);
        if (last?.Organization != organization) _last = new(organization, now, last is null ? null : last with { Other = null });
        else if (clock.GetElapsedTime(last.At, now) > Exactly) _last = last with { At = now };
    }

    public bool AnyOtherThan(Guid organization)
    {
        var other = _last is { } last && last.Organization == organization ? last.Other : _last;
        return other is not null && clock.GetElapsedTime(other.At) < Stay;
    }
}
