namespace DirectoryPlatform.Kernel.Audit;

/// <summary>What the kernel itself writes into the audit log. The words stand in sealed entries:
/// a constant may get another name, its value never changes.</summary>
public static class KernelActions
{
    public const string JobBegun = "JobBegun";
    public const string JobCancelled = "JobCancelled";
    public const string JobResumed = "JobResumed";
    public const string MailRetried = "MailRetried";
    public const string NameRenumbered = "NameRenumbered";
}
