namespace DirectoryPlatform.Cli.Exits;

/// <summary>What the program ends with; scripts rely on it, and <c>docs/cli.md</c> has the table.</summary>
static class Exit
{
    public const int Done = 0;

    /// <summary>The server said no, or the work failed; why stands on the error stream.</summary>
    public const int Refused = 1;

    public const int Usage = 2;

    /// <summary>No key, or one that is not taken any more.</summary>
    public const int NotSignedIn = 3;

    public const int NotFound = 4;

    /// <summary>Of many, some were done and some were not.</summary>
    public const int Partly = 5;

    /// <summary>No answer, or none but "later", after several tries.</summary>
    public const int Unavailable = 6;

    /// <summary>As a shell says it of SIGINT.</summary>
    public const int Interrupted = 130;
}

/// <summary>Ends the command with a sentence for whoever runs it.</summary>
sealed class CommandFailedException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
