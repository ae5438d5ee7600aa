using DirectoryPlatform.Sites;

namespace DirectoryPlatform.Web.Words;

/// <summary>How a deed on many users is called on its review (SPEC U3, U4, U5).</summary>
static class UserActionLabels
{
    public static string Title(UserReview review)
    {
        if (review.Deed is UserAction.Invite) return $"Invite {review.Number.Of("person", "people")} to {review.Where}";
        var (label, users) = (Words(review).Label, review.Number.Of("user", "users"));
        return review.Undoes is null ? $"{label} {users}" : $"Undo: {label.ToLowerInvariant()} {users}";
    }

    /// <summary>After the number.</summary>
    public static string WillBe(UserReview review) => review.Deed is UserAction.Invite
        ? $"{(review.Number == 1 ? "person" : "people")} will be invited to {review.Where}."
        : $"{(review.Number == 1 ? "user" : "users")} will be {Words(review).Done} {(review.Deed is UserAction.Remove ? "from" : "on")} "
        + $"{review.Where ?? "all sites"}.";

    public static IEnumerable<string> Consequences(UserReview review) =>
        [.. Words(review).Consequences, review.Deed is UserAction.Remove
            ? "This cannot be undone from the job’s page."
            : "You can undo this from the job’s page."];

    public static string Icon(UserAction deed) =>
        deed switch
        {
            UserAction.Invite => "user-plus",
            UserAction.Suspend => "ban",
            UserAction.Restore => "rotate-ccw",
            UserAction.Remove => "user-minus"
        };

    static ChangeWords Words(UserReview review) =>
        ChangeWords.Of(review.Deed switch
        {
            UserAction.Suspend => MembershipChange.Suspend,
            UserAction.Restore => MembershipChange.Restore,
            _ => MembershipChange.Remove
        });
}
