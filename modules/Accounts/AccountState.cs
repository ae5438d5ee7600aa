namespace DirectoryPlatform.Accounts;

/// <summary>SPEC A1. Who manages the account is not part of it.</summary>
public enum AccountState { Unverified, Active, Deactivated, PendingDeletion, Deleted }
