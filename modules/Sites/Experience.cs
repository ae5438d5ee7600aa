namespace DirectoryPlatform.Sites;

/// <summary>How an organization's admins reach its people (SPEC U1): in one place, or under each site.</summary>
public enum Experience { Centralized = 1, Original = 2 }
