namespace DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;

/// <summary>What the profile shows of a person's sessions and tokens (SPEC M2).</summary>
/// <param name="Path">Of the profile.</param>
public sealed record MemberCredentials(string Path, string Name, IReadOnlyList<DeviceView> Devices, ApiTokensView ApiTokens);
