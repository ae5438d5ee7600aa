namespace DirectoryPlatform.Web.Words;

static class JobTitles
{
    /// <summary>Whether the job's title names the domain as what it is done on.</summary>
    public static bool IsOn(this JobView job, DomainView domain) => job.Title.EndsWith($" on {domain.Name}", StringComparison.Ordinal)
        || job.Title.EndsWith($" on {domain.Display}", StringComparison.Ordinal);
}
