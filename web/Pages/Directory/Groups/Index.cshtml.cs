namespace DirectoryPlatform.Web.Pages.Directory.Groups;

/// <summary>The organization's groups (SPEC U6), by name.</summary>
[Requires(Permission.ManageGroups)]
public sealed class IndexModel(IMediator mediator) : OrganizationPage(mediator)
{
    [FromQuery] public GroupQuery Query { get; set; } = new();

    public ListPage<GroupRow> List { get; private set; } = ListPage<GroupRow>.Empty;
    public ListView View => ListView.Of("Groups", Path, Query, List);
    public string Path => $"{Home}/groups";

    public async Task OnGet() => List = await Query.Read(at => Send(new ListGroups(Organization, Query["q"], at, Query.Rows)));
}

/// <summary>The list's address.</summary>
public sealed class GroupQuery : ListQuery
{
    static readonly IReadOnlyList<ListField> All = [ListField.Search("Part of a name")];

    public override IReadOnlyList<ListField> Fields => All;
}
