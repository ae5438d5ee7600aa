namespace DirectoryPlatform.Accounts;

/// <summary>What is done to accounts and tells no fact; what does is called as its fact is. The words stand in sealed entries:
/// a constant may get another name, its value never changes.</summary>
public static class AccountActions
{
    public const string AccountsImported = "AccountsImported";
    public const string AccountsSeeded = "AccountsSeeded";
    public const string EmailChangeMailSent = "EmailChangeMailSent";
    public const string EmailChangeStopped = "EmailChangeStopped";
    public const string VerificationMailSent = "VerificationMailSent";
}
