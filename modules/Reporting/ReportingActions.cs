namespace DirectoryPlatform.Reporting;

/// <summary>What leaves the house, and where to. The words stand in sealed entries:
/// a constant may get another name, its value never changes.</summary>
public static class ReportingActions
{
    public const string AccountsExportBegun = "AccountsExportBegun";
    public const string AccountsExported = "AccountsExported";
    public const string AuditLogExported = "AuditLogExported";
    public const string SealedLogExported = "SealedLogExported";
    public const string UsersExportBegun = "UsersExportBegun";
    public const string UsersExported = "UsersExported";
}
