namespace DirectoryPlatform.Web.Pages.Confirm;

/// <summary>One thing that is asked once more before it is done: a row of the table that <see cref="ConfirmModel"/> is driven by.</summary>
/// <param name="Route">Its own address, as in <c>@page</c>, without the first slash.</param>
/// <param name="Requires">Who may, and whether the password is asked for first.</param>
/// <param name="Back">Where "Cancel" leads, and whoever cannot be asked.</param>
/// <param name="Ask">Reads what it is about, for the page and again before it is done. A refusal leads back with its sentence; what does
/// not exist answers 404.</param>
public sealed record ConfirmedAction(string Route, RequiresAttribute Requires, Func<ConfirmModel, string> Back,
    Func<ConfirmModel, Task<Outcome<Question>>> Ask)
{
    /// <summary>Done by a button elsewhere, without a question; looking at the address is refused.</summary>
    public bool WithoutQuestion { get; init; }

    /// <summary>All of them, whatever part of the product they are of.</summary>
    public static IReadOnlyList<ConfirmedAction> All { get; } =
    [
        .. MemberConfirmations.All, .. CredentialConfirmations.All, .. MembershipConfirmations.All, .. SiteConfirmations.All,
        .. SecurityConfirmations.All, .. ProvisioningConfirmations.All, .. OwnConfirmations.All, .. BeginningConfirmations.All,
    ];

    /// <summary>An action on something that one request reads.</summary>
    internal static ConfirmedAction On<T>(string route, RequiresAttribute requires, Func<ConfirmModel, string> back,
        Func<ConfirmModel, Task<Outcome<T>>> find, Func<ConfirmModel, T, Question> ask) where T : notnull =>
        new(route, requires, back, async page => (await find(page)).Map(found => ask(page, found)));
}
