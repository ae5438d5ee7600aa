namespace DirectoryPlatform.Accounts;

/// <summary>How an admin is reached and secured is no business of programs (SPEC S13).</summary>
public sealed record AdminOutOfReach() : Refusal("adminOutOfReach",
    "This person is an admin. Another admin can change the email address, "
        + "reset the password or reset two-step verification on the person's page; "
    + "API keys, identity providers and bulk actions cannot.");

/// <summary>Nor of admins who are none where this person is one (SPEC S13).</summary>
public sealed record AdminElsewhere() : Refusal("adminElsewhere",
    "This person is also an admin of another organization. Only somebody who is an admin there, too, can change the email address, reset "
        + "the password or reset two-step verification.");

/// <summary>Who may touch how an admin is reached and secured (SPEC S13).
/// Decided from the target's own row, where the role stands.</summary>
public static class AdminReach
{
    /// <param name="adminOf">The organizations that the target administers.</param>
    /// <param name="asker">The organizations that the person who asks administers;
    /// null for a program, a provider or a job, which reach no admin.</param>
    public static Refusal? Refused(IReadOnlyList<OrganizationId> adminOf, IReadOnlyList<OrganizationId>? asker) => adminOf.Count == 0 ? null
        : asker is null ? new AdminOutOfReach()
        : adminOf.All(asker.Contains) ? null : new AdminElsewhere();
}
