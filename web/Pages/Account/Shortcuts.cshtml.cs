namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>The keys that <c>palette.js</c> and <c>list.js</c> know, and the switch for those of a single letter (WCAG 2.1.4).</summary>
[OpensInDialog, Requires(Permission.OwnAccount)]
public sealed class ShortcutsModel(IMediator mediator) : WebPage(mediator)
{
    public static IReadOnlyList<(string Title, IReadOnlyList<(string Keys, string What)> Keys)> Keys { get; } =
    [
        ("Anywhere",
        [
            ("Ctrl K", "Find people, groups, pages and actions (⌘ K on a Mac)"), ("/", "Search this page, or find"),
            ("?", "Show this list"), ("Esc", "Close, or clear the selection"),
        ]),
        ("Go to",
        [
            ("g o", "Overview"), ("g m", "Managed accounts"), ("g u", "Users"), ("g g", "Groups"), ("g d", "Domains"), ("g s", "Sites"),
            ("g p", "Authentication policies"), ("g a", "Audit log"), ("g j", "Jobs"),
        ]),
        ("In a list", [("j", "Next row"), ("k", "Previous row"), ("x", "Select the row")]),
    ];

    public void OnGet() { }
}
