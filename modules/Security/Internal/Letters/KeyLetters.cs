namespace DirectoryPlatform.Security.Internal.Letters;

/// <summary>To the admin who made an API key, who may not have been the one at the keyboard (SPEC P1).</summary>
/// <param name="Key">How the key is called.</param>
sealed record ApiKeyCreatedLetter(string Name, string Key, string Expires, string Link) : Letter;

/// <summary>Once, before an API key stops (SPEC P1).</summary>
sealed record ApiKeyExpiresLetter(string Name, string Key, string Expires, string Link) : Letter;
