using DirectoryPlatform.Sites;
using DirectoryPlatform.Web.Words;

namespace DirectoryPlatform.Web.Pages.Users;

/// <summary>What is asked before a membership changes.</summary>
/// <param name="Where">The sites, by name.</param>
/// <param name="Back">Path of the profile.</param>
public sealed record ChangeQuestion(ChangeWords Words, string Name, bool Managed, string Where, MembershipPreview Preview, string Back)
{
    /// <summary>The opposite, one click away; a removal has none.</summary>
    public (string Text, string Path)? UndoAt(string path) => Words.Change switch
    {
        MembershipChange.Suspend => ("Undo", $"{path}/restore"),
        MembershipChange.Restore => ("Undo", $"{path}/suspend"),
        _ => null,
    };
}
