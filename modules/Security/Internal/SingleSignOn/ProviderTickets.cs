using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Security.Internal.SingleSignOn;

/// <summary>What a provider's answer has shown, and in what it was asked.</summary>
/// <param name="Session">Of whoever was signed in; null for nobody.</param>
/// <param name="Stamp">Of the account's password when the answer was taken; null for none. A reset by then voids what follows (SPEC A14).
/// </param>
sealed record ShownByProvider(AccountId Account, OrganizationId Organization, ProviderVisit For, Guid? Session, Guid? Stamp,
    string? ReturnTo);

/// <summary>Carries it on to the code, since an answer is fetched once; nothing is stored, and it is no session.</summary>
sealed class ProviderTickets(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>As long as the other steps of a sign-in: time to find the phone.</summary>
    static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    readonly SealedWords _sealed = new(protection.CreateProtector("code after an identity provider"), clock, Life);

    public string Issue(ShownByProvider shown) =>
        _sealed.Seal($"{shown.Account}", $"{shown.Organization}", $"{shown.For}", shown.Session?.ToString() ?? "-",
            shown.Stamp?.ToString() ?? "-", shown.ReturnTo is { } path ? Uri.EscapeDataString(path) : "-");

    /// <returns>Null for anything that is not a ticket of ours, or no longer one.</returns>
    public ShownByProvider? Read(string? ticket) =>
        _sealed.Open(ticket) is [var account, var organization, var visit, var session, var stamp, var path]
        ? new(new(Guid.Parse(account)), new(Guid.Parse(organization)), Enum.Parse<ProviderVisit>(visit),
            session is "-" ? null : Guid.Parse(session), stamp is "-" ? null : Guid.Parse(stamp),
            path is "-" ? null : Uri.UnescapeDataString(path))
        : null;
}
