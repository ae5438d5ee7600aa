namespace DirectoryPlatform.Web.Pages.Security.Audit;

/// <summary>The audit log's address (SPEC L3).</summary>
public sealed class AuditQuery : ListQuery
{
    const int LongestAction = 100;

    static readonly IReadOnlyList<ListField> All =
    [
        Somebody("actor", "Actor", "Email address", "Actor:"),
        Somebody("person", "Target", "Email address, or the ID of a domain, site…", "Target:"),
        ListField.Offered("action", "Event", text => text.Length <= LongestAction && text.All(char.IsAsciiLetterOrDigit) ? text : null,
            action => HistoryLabels.Of(action.Value)) with { Any = "All events" },
        ListField.Day("from", "From", day => $"From {day.Value}"),
        ListField.Day("to", "Until", day => $"Until {day.Value}"),
    ];

    public override IReadOnlyList<ListField> Fields => All;

    public override string? FaultOf(string name) => name == "from"
        ? Day(this["from"]) > Day(this["to"]) ? "The first day must not be after the last day." : null
        : base.FaultOf(name);

    public AuditFilter Filter => new(this["actor"], this["person"], this["action"] is { } kind ? [kind] : null, StartOf(Day(this["from"])),
        Day(this["to"]) is { } to && to < DateOnly.MaxValue ? StartOf(to.AddDays(1)) : null);

    public ReadAuditLog For(OrganizationId organization, string? cursor) => new(organization, Filter, cursor, Rows);

    static ListField Somebody(string name, string label, string placeholder, string before) =>
        new(name, label, ListFieldKind.Text, text => text, who => $"{before} {who.Value}")
        {
            Placeholder = placeholder,
            Fault = text => text.Trim() is not { Length: > 0 } who || Guid.TryParse(who, out _) || EmailAddress.Parse(who).Granted
                ? null
                : "Enter a full email address or an ID.",
        };

    static DateTimeOffset? StartOf(DateOnly? day) => day is { } given ? new(given.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)) : null;
}
