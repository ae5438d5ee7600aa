namespace DirectoryPlatform.Web.Pages.Security.Audit;

/// <summary>One entry; to htmx its details alone, which the list opens below the sentence.</summary>
[Requires(Permission.ViewAuditLog)]
public sealed class EntryModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid EntryId { get; set; }

    public AuditDetail Detail { get; private set; } = null!;
    public AuditLine Line => Detail.Row.Line;
    public AuditSentence Sentence => AuditSentence.Of(Detail.Row, Home);

    /// <summary>What changed, as people read it; what stayed is in the JSON.</summary>
    public IEnumerable<(string Field, string? Before, string? After)> Changes => Line.History.Changes.Where(c => c.Before != c.After)
        .Select(c => (AuditValues.Field(c.Field), Shown(c.Field, c.Before, c.IsJson.Before),
            Shown(c.Field, c.After, c.IsJson.After)));

    string? Shown(string field, string? value, bool isJson) => AuditValues.Shown(Detail.Row, field, value, isJson);

    public async Task<IActionResult> OnGet() =>
        await Find<AuditDetail>(new ReadAuditEvent(Organization, EntryId), found => Detail = found)
            ?? (WantsPart ? Partial("_Entry", this) : Page());
}
