using System.Globalization;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Web.Words;
using Microsoft.AspNetCore.WebUtilities;

namespace DirectoryPlatform.Web.Pages.Audit;

/// <summary>The audit log's address as it stands in the URL (SPEC L3). Whatever is not understood is read as not given, so that an old or
/// mistyped link still shows a log.</summary>
public sealed class AuditQuery
{
    const int LongestAction = 100;

    public string? Actor { get; set; }
    public string? Person { get; set; }
    public string? Action { get; set; }
    public string? From { get; set; }
    public string? To { get; set; }
    public string? At { get; set; }

    /// <summary>For routes that bind no form.</summary>
    public static AuditQuery Of(IQueryCollection query) =>
        new() { Actor = query["actor"], Person = query["person"], Action = query["action"], From = query["from"], To = query["to"] };

    public string? ActorFault => FaultOf(Actor);
    public string? PersonFault => FaultOf(Person);
    public string? DaysFault => Day(From) > Day(To) ? "The first day comes after the last." : null;
    public string? Fault => ActorFault ?? PersonFault ?? DaysFault;

    public AuditFilter Filter =>
        new(Blank(Actor), Blank(Person), Kind is { } kind ? [kind] : null, StartOf(Day(From)),
            Day(To) is { } to && to < DateOnly.MaxValue ? StartOf(to.AddDays(1)) : null);
    public bool IsFiltered => Filter != AuditFilter.Everything;

    public ReadAuditLog For(OrganizationId organization) => new(organization, Filter, Blank(At));

    public string AtLine(string path, string? cursor) => Path(path, Given.Append(("at", cursor)));
    public string Elsewhere(string path) => Path(path, Given);

    public IEnumerable<(string Text, string Without)> Chips(string path) =>
        from filter in Given
        where filter.Value is not null
        select (Words(filter.Name, filter.Value), Path(path, Given.Select(f => f.Name == filter.Name ? (f.Name, null) : f)));

    IEnumerable<(string Name, string? Value)> Given =>
        [("actor", Blank(Actor)), ("person", Blank(Person)), ("action", Kind), ("from", Day(From) is null ? null : From),
            ("to", Day(To) is null ? null : To)];

    public string? Kind => Blank(Action) is { Length: <= LongestAction } action && action.All(char.IsAsciiLetterOrDigit) ? action : null;

    static string Words(string filter, string value) => filter switch
    {
        "actor" => $"By {value}",
        "person" => $"About {value}",
        "action" => HistoryLabels.Of(value),
        "from" => $"From {value}",
        _ => $"Until {value}",
    };

    static string? FaultOf(string? who) => Blank(who) is not { } text || Guid.TryParse(text, out _) || EmailAddress.Parse(text).Granted
        ? null
        : "Enter a whole email address or an id.";

    static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    static DateTimeOffset? StartOf(DateOnly? day) => day is { } given ? new(given.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)) : null;

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    static string Path(string path, IEnumerable<(string Name, string? Value)> query) =>
        QueryHelpers.AddQueryString(path, query.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Name, p.Value)));
}
