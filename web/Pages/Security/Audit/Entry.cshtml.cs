namespace DirectoryPlatform.Web.Pages.Security.Audit;

/// <summary>One entry; to htmx its details alone, which the list opens below the sentence.</summary>
[Requires(Permission.ViewAuditLog)]
public sealed class EntryModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromRoute] public Guid EntryId { get; set; }

    public AuditDetail Detail { get; private set; } = null!;
    public AuditLine Line => Detail.Row.Line;
    public AuditSentence Sentence => AuditSentence.Of(Detail.Row, Home);

    /// <summary>What changed, as people read it.</summary>
    public IEnumerable<(string Field, string? Before, string? After)> Changes => Line.History.Changes.Select(c =>
        (AuditValues.Field(c.Field), AuditValues.Shown(Detail.Row, c.Field, c.Before), AuditValues.Shown(Detail.Row, c.Field, c.After)));

    public async Task<IActionResult> OnGet() =>
        await Find<AuditDetail>(new ReadAuditEvent(Organization, EntryId), found => Detail = found)
            ?? (WantsPart ? Partial("_Entry", this) : Page());
}
