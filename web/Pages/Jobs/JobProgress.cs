namespace DirectoryPlatform.Web.Pages.Jobs;

/// <summary>What the bar of any job shows, wherever the job's page stands.</summary>
/// <param name="Path">Of the job's page, which is asked for the next look.</param>
public sealed record JobProgress(JobView View, string Path)
{
    public bool IsExport => View.Kind == "export";

    /// <summary>What is counted, at the head of a column.</summary>
    public string Items => View.Kind switch { UserJobs.Invitations => "Addresses", UserJobs.Changes => "Users", _ => "Accounts" };

    public string Of(long number) =>
        View.Kind switch
        {
            UserJobs.Invitations => number.Of("address", "addresses"),
            UserJobs.Changes => number.Of("user", "users"),
            _ => number.Of("account", "accounts")
        };
}
