namespace DirectoryPlatform.Sites;

/// <summary>What somebody may do in an app (SPEC U6); the greater one holds when several are given.</summary>
public enum AppRole { User = 1, Admin = 2 }
