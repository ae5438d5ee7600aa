namespace DirectoryPlatform.Web.Pages.Account;

/// <summary>The question for the password in front of a form that was sent too late.</summary>
/// <param name="Action">Where the form goes on to.</param>
/// <param name="Fault">Why the last answer was not taken; null at first.</param>
/// <param name="Waiting">What was typed, as it was sent.</param>
public sealed record ItIsYouQuestion(string Action, string? Fault, IReadOnlyList<(string Name, string Value)> Waiting)
{
    /// <summary>Set where the organization's identity provider asks instead: the path on the way there, for a tab of its own, so that the
    /// form stays as it is.</summary>
    public string? Provider { get; init; }

    /// <summary>Fields and names of files that came along. A browser hands a file over once, so the question has the field again.</summary>
    public IReadOnlyList<(string Field, string[] Names)> Files { get; init; } = [];
}
