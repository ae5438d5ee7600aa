using System.CommandLine;

namespace DirectoryPlatform.Cli.Commands;

/// <summary>The whole command line.</summary>
static class AllCommands
{
    public static readonly Option<string?> Url = new("--url")
    {
        Description = "Address of the installation; otherwise DIRECTORY_URL, or where you signed in",
        HelpName = "URL",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print what the API answers, for programs",
        Recursive = true,
    };

    const string About = """
        directory: manage an organization of DirectoryPlatform from a terminal or a script.

        Sign in with directory sign-in URL, or set DIRECTORY_URL and DIRECTORY_KEY. Exit codes: 0 done, 1 refused or failed, 2 wrong
        usage, 3 not signed in, 4 not found, 5 done in part, 6 no answer, 130 interrupted.
        """;

    public static RootCommand Root() => new(About)
    {
        Url, Json,
        SignInCommands.SignIn(), SignInCommands.SignOut(), SignInCommands.WhoAmI(),
        PeopleCommands.Define(), DomainCommands.Define(), ClaimCommands.Define(), JobCommands.Define(), PolicyCommands.Define(),
        GroupCommands.Define(), AuditCommands.Define(), CompletionCommand.Define(), VersionCommand.Define(),
    };
}
