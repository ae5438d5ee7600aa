namespace DirectoryPlatform.Sites;

/// <summary>A place with a URL where an organization runs apps.</summary>
public readonly record struct SiteId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

public readonly record struct GroupId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

public readonly record struct InvitationId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>What somebody may do in an app (SPEC U6); the greater one holds when several are given.</summary>
public enum AppRole { User = 1, Admin = 2 }

/// <summary>SPEC U2. Invited is who has not come yet.</summary>
public enum UserStatus { Active = 1, Invited = 2, Suspended = 3 }

/// <summary>How an organization's admins reach its people (SPEC U1): in one place, or under each site.</summary>
public enum Experience { Centralized = 1, Original = 2 }
