namespace DirectoryPlatform.Web.Pages.Security.Audit;

/// <summary>The audit log's address (SPEC L3).</summary>
public sealed class AuditQuery : ListQuery
{
    const int LongestAction = 100;

    /// <summary>The times that people ask for most; days between two dates are asked for by a form of their own.</summary>
    public static readonly IReadOnlyList<FilterWord<TimeSpan>> Times =
    [
        new("24h", TimeSpan.FromHours(24), "Last 24 hours"), new("7d", TimeSpan.FromDays(7), "Last 7 days"),
        new("30d", TimeSpan.FromDays(30), "Last 30 days"),
    ];

    static readonly IReadOnlyList<ListField> All =
    [
        Somebody("actor", "Actor", "Full email address", "Actor:"),
        Somebody("person", "Target", "Full address or ID", "Target:"),
        ListField.Offered("action", "Event", text => text.Length <= LongestAction && text.All(char.IsAsciiLetterOrDigit) ? text : null,
            action => HistoryLabels.Of(action.Value)) with { Any = "All events" },
        Kept("last", text => Times.FirstOrDefault(t => t.Value == text)?.Value, chosen => Times.First(t => t.Value == chosen.Value).Label),
        Kept("from", text => Day(text) is null ? null : text, day => $"From {Words(day.Value)}"),
        Kept("to", text => Day(text) is null ? null : text, day => $"Until {Words(day.Value)}"),
        Kept("job", text => Guid.TryParse(text, out _) ? text : null,
            job => job.Label.Length == 0 ? "Events of a job" : $"Job: {job.Label}"),
    ];

    public override IReadOnlyList<ListField> Fields => All;

    public override string? FaultOf(string name) => name == "from"
        ? Day(this["from"]) > Day(this["to"]) ? "The first day must not be after the last day." : null
        : base.FaultOf(name);

    public AuditFilter Filter(DateTimeOffset now) => new(this["actor"], this["person"], this["action"] is { } kind ? [kind] : null,
        Word("last", Times) is { } last ? now - last : StartOf(Day(this["from"])),
        Day(this["to"]) is { } to && to < DateOnly.MaxValue ? StartOf(to.AddDays(1)) : null)
    { Job = Job };

    public Guid? Job => Guid.TryParse(this["job"], out var job) ? job : null;

    /// <summary>The same rows of another time.</summary>
    public string Within(string path, string? last = null, DateOnly? from = null, DateOnly? to = null) => With(path,
        ("last", last), ("from", from?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ("to", to?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));

    static ListField Kept(string name, Func<string, string?> read, Func<ListOption, string> chip) =>
        new(name, "", ListFieldKind.Kept, read, chip);

    static ListField Somebody(string name, string label, string placeholder, string before) =>
        new(name, label, ListFieldKind.Text, text => text, who => $"{before} {who.Value}")
        {
            Placeholder = placeholder,
            Fault = text => text.Trim() is not { Length: > 0 } who || Guid.TryParse(who, out _) || EmailAddress.Parse(who).Granted
                ? null
                : "Enter a full email address or an ID. To find a person’s address by name, search Managed accounts or Users.",
        };

    static DateTimeOffset? StartOf(DateOnly? day) => day is { } given ? new(given.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)) : null;
}
