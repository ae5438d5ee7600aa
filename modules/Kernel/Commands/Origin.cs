namespace DirectoryPlatform.Kernel.Commands;

/// <summary>Who asked, by which means and from where: the part of an audit entry that the deed itself does not know (SPEC L1).</summary>
/// <param name="Actor">The account that asked; null when the platform acts by itself.</param>
/// <param name="Means">"web", "job", "schedule", "command line", ...</param>
/// <param name="Address">The visitor's IP address, where there is one.</param>
/// <param name="RequestId">Joins log, audit and answer of one request.</param>
public sealed record Origin(Guid? Actor, string Means, string? Address = null, string? RequestId = null)
{
    /// <summary>The platform itself, on its own schedule.</summary>
    public static readonly Origin Schedule = new(null, "schedule");
}
