namespace DirectoryPlatform.Web.Api;

/// <summary>What an operator can set for programs (SPEC P4).</summary>
public sealed record ApiSettings
{
    /// <summary>Requests a second that one API key may go on with, on each node.</summary>
    public int RequestsPerSecond { get; init; } = 50;

    /// <summary>Requests that one API key may make at once after a rest, on each node.</summary>
    public int Burst { get; init; } = 200;
}
