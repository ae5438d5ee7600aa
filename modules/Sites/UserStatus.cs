namespace DirectoryPlatform.Sites;

/// <summary>SPEC U2. Invited is who has not come yet.</summary>
public enum UserStatus { Active = 1, Invited = 2, Suspended = 3 }
