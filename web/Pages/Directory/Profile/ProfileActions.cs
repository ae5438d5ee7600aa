namespace DirectoryPlatform.Web.Pages.Directory.Profile;

/// <summary>Something that the profile's head offers now.</summary>
/// <param name="IsPost">Done by the button, without a question.</param>
/// <param name="Ends">Takes something away for good, or everywhere; stands in red below the others.</param>
public sealed record ProfileAction(string Label, string Icon, string Path, bool Ends = false, bool IsPost = false);

/// <summary>What a profile's head offers: the first is what the state calls for and stands there as a button, the others in the menu
/// beside it (SPEC M10).</summary>
static class ProfileActions
{
    /// <summary>In the order in which a state calls for them.</summary>
    static readonly (AccountAction Action, string Label, string Icon, string Path, bool Ends)[] OfLife =
    [
        (AccountAction.CancelDeletion, "Cancel deletion", "rotate-ccw", "cancel-deletion", false),
        (AccountAction.Reactivate, "Reactivate", "rotate-ccw", "reactivate", false),
        (AccountAction.ResendVerification, "Resend verification email", "mail", "resend-verification", false),
        (AccountAction.Deactivate, "Deactivate", "ban", "deactivate", false),
        (AccountAction.Unclaim, "Unclaim", "user-minus", "unclaim", true),
        (AccountAction.Delete, "Delete", "trash-2", "delete", true),
    ];

    public static IEnumerable<ProfileAction> Of(PersonModel page) => page.IsOfUsers ? OfUser(page) : OfAccount(page);

    /// <summary>The same from a list, where the person's groups and access are not in sight.</summary>
    public static IEnumerable<ProfileAction> OfRow(PersonModel page)
    {
        var all = Of(page).ToList();
        return
        [
            .. all.Where(a => !a.Ends), new("App access", "key-round", page.At(ProfileTab.Access)),
            .. Groups(page), .. all.Where(a => a.Ends),
        ];
    }

    static IEnumerable<ProfileAction> Groups(PersonModel page) => page.IsOnSite && page.MayGroup
        ? [new("Add to group", "users", $"{page.Home}/users/{page.AccountId}/groups/add?from={page.From}")]
        : [];

    static IEnumerable<ProfileAction> OfAccount(PersonModel page)
    {
        var (person, path) = (page.Managed!, page.MemberPath);
        var life = OfLife.Where(l => person.Actions.Any(a => a.Action == l.Action && a.Refusal is null)).Select(l => new ProfileAction(
            l.Label, l.Icon, $"{path}/{l.Path}", l.Ends, IsPost: l.Action is AccountAction.ResendVerification)).ToList();
        return
        [
            .. life.Where(a => !a.Ends), .. OfCredentials(page, page.Credentials!, path),
            .. person.Owner is null ? [] : (ProfileAction[])[new("Unlink from identity provider", "link-2", $"{path}/unlink")],
            .. life.Where(a => a.Ends),
        ];
    }

    static IEnumerable<ProfileAction> OfCredentials(PersonModel page, Credentials credentials, string path)
    {
        if (credentials.SignIn.ResetPassword is null) yield return new("Reset password", "lock", $"{path}/reset-password");
        if (credentials.SignIn.ResetTwoStep is null)
            yield return new("Reset two-step verification", "rotate-ccw", $"{path}/reset-two-step");
        // Beside the devices it stands with them.
        if (credentials.Devices.Count > 0 && page.Shown is not ProfileTab.Security)
            yield return new("Sign out everywhere", "log-out", $"{path}/log-out");
    }

    /// <summary>Nothing of the account's life: that is done from Managed accounts.</summary>
    static IEnumerable<ProfileAction> OfUser(PersonModel page)
    {
        var person = page.Person!;
        if (page.Claimable is not null) yield return new("Claim account", "user-plus", $"{page.Path}/claim");
        if (page.IsOrganizationAdmin)
        {
            yield return person.Managed
                ? new("Update details", "pencil", page.MemberPath)
                : new("Suggest changes", "mail", $"/o/{page.Organization}/users/{person.Id}/suggest");
        }
        if (!page.MayManage) yield break;
        foreach (var words in ChangeWords.All.Where(w => w.Change switch
        {
            MembershipChange.Restore => person.Sites.Any(s => s.Status is UserStatus.Suspended),
            _ when page.IsOwn => false,
            MembershipChange.Suspend => person.Sites.Any(s => s.Status is UserStatus.Active),
            _ => true,
        }).OrderBy(w => w.Change is MembershipChange.Remove))
        {
            var removes = words.Change is MembershipChange.Remove;
            yield return new($"{words.Label} {(removes ? "from" : "on")} {(page.OfSite ? "the site" : "all sites")}", words.Icon,
                $"{page.Path}/{words.Value}", removes);
        }
    }
}
