namespace DirectoryPlatform.Provisioning;

/// <summary>What is done to directories of identity providers, and by them. The words stand in sealed entries:
/// a constant may get another name, its value never changes.</summary>
public static class ProvisioningActions
{
    public const string IdentitiesJoined = "IdentitiesJoined";
    public const string IdentitiesSeparated = "IdentitiesSeparated";
    public const string IdentityDirectoryCreated = "IdentityDirectoryCreated";
    public const string IdentityDirectoryRemoved = "IdentityDirectoryRemoved";
    public const string IdentityRuleChosen = "IdentityRuleChosen";
    public const string ProviderRecordChanged = "ProviderRecordChanged";
    public const string ProvisioningTokenRenewed = "ProvisioningTokenRenewed";
}
