using DirectoryPlatform.Kernel.Clocks;

namespace DirectoryPlatform.Web.Api.Organizations;

/// <summary>Times in questions: milliseconds since 1970, as that API has them, or ISO 8601.</summary>
static class ApiMoments
{
    const string Ways = "milliseconds since 1970, or a time such as 2026-11-22T10:00:00Z.";

    /// <summary>Numbers below are seconds, or a day such as 20261122: as milliseconds they would all be before March 1973 (own
    /// choice).</summary>
    const long LeastMilliseconds = 100_000_000_000;

    public static Outcome<Bound> Of(ApiCall call, string name) => call.Asked.Text(name) switch
    {
        null => new Bound(null),
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var since) =>
            since is > 0 and < LeastMilliseconds || IsCalendar(text)
                ? new InvalidValue(name, $"{name} looks like seconds or a date. Give {Ways}")
                : since <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                    ? new Bound(DateTimeOffset.FromUnixTimeMilliseconds(since))
                    : NoTime(name),
        var text => WrittenTime.Read(text) is { } at ? new Bound(at) : NoTime(name),
    };

    /// <summary>Such as 202611221000 or 20261122100000: nobody asks for 1976 or for the year 2612.</summary>
    static bool IsCalendar(string digits) => digits is ['2', '0', ..] && digits.Length is 12 or 14;

    static InvalidValue NoTime(string name) => new(name, $"{name}: give {Ways}");

    /// <param name="At">Null for no bound.</param>
    public readonly record struct Bound(DateTimeOffset? At);
}

/// <summary>Spans of time as API Access has them: a way of searching, and its ends. Of its ways one is here: what "gt" and "lt" count from
/// is published nowhere, and a script that means the other ones would act on the wrong tokens.</summary>
static class TokenSpans
{
    public const string Range = "range";

    /// <returns>Null where nothing was asked.</returns>
    public static (Between? Span, Refusal? Refusal) Of(ApiCall call, string name)
    {
        var way = call.Asked.Text($"{name}SearchType");
        var (from, to) = (ApiMoments.Of(call, $"{name}From"), ApiMoments.Of(call, $"{name}To"));
        if ((from.Refusal ?? to.Refusal) is { } refusal) return (null, refusal);
        var bounded = (from.Value.At ?? to.Value.At) is not null;
        return (way, bounded) switch
        {
            (null, false) => (null, null),
            (null, true) => (null, new InvalidValue($"{name}SearchType", $"{name}From and {name}To need {name}SearchType={Range}.")),
            (_, false) => (null, new InvalidValue($"{name}SearchType", $"{name}SearchType needs {name}From, {name}To or both.")),
            _ => (new(from.Value.At, to.Value.At), null),
        };
    }
}
