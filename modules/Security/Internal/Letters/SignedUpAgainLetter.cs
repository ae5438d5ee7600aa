namespace DirectoryPlatform.Security.Internal.Letters;

/// <summary>To the owner of an address that somebody signed up with a second time (SPEC S1).</summary>
sealed record SignedUpAgainLetter(string Link) : Letter;
