namespace DirectoryPlatform.Sites.Internal.Invitations;

/// <summary>To what people are invited: the same for all addresses of one invitation.</summary>
/// <param name="Note">Null for none.</param>
sealed record InvitationOffer(SiteId Site, IReadOnlyDictionary<string, AppRole> Roles, IReadOnlyList<GroupId> Groups, string? Note)
{
    public static Outcome<InvitationOffer> Read(SiteId site, IReadOnlyDictionary<string, AppRole> roles, IReadOnlyList<GroupId> groups,
        string? note)
    {
        var text = note?.ReplaceLineEndings("\n").Trim() is { Length: > 0 } written ? written : null;
        if (text?.Length > InviteUsers.MaxNote || text?.Any(c => char.IsControl(c) && c != '\n') == true)
            return new InvalidValue("note", $"Write at most {InviteUsers.MaxNote} characters of plain text.");
        if (roles.Values.Any(r => !Enum.IsDefined(r))) return new InvalidValue("roles", "Choose a role.");
        return new InvitationOffer(site, roles, groups, text);
    }
}
