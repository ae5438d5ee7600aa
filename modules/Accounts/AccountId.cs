namespace DirectoryPlatform.Accounts;

/// <summary>A person's identity on the whole platform; never changes and is never given to another.</summary>
public readonly record struct AccountId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>SPEC A1. Who manages the account is not part of it.</summary>
public enum AccountState { Unverified, Active, Deactivated, PendingDeletion, Deleted }
