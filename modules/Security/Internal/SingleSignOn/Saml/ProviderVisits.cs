using System.Globalization;
using DirectoryPlatform.Security.Internal.SigningIn;
using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

/// <summary>What a browser was led to a provider for; travels in its cookie.</summary>
/// <param name="Session">Of whoever was signed in; null for nobody.</param>
sealed record BegunVisit(string Request, OrganizationId Organization, ProviderVisit For, DateTimeOffset BegunAt, Guid? Session,
    string? ReturnTo);

/// <summary>Seals and opens it, by the keys that all nodes share.</summary>
sealed class ProviderVisits(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>As long as the other steps of a sign-in: time to find the phone.</summary>
    static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>Written out; a longer way back is dropped, so that the cookie stays small (own choice).</summary>
    const int LongestReturn = 300;

    readonly SealedWords _sealed = new(protection.CreateProtector("visit to an identity provider"), clock, Life);

    public string Seal(BegunVisit visit) =>
        _sealed.Seal(visit.Request, $"{visit.Organization}", $"{visit.For}", visit.BegunAt.UtcTicks.ToString(CultureInfo.InvariantCulture),
            visit.Session?.ToString() ?? "-",
        visit.ReturnTo is { } path && Uri.EscapeDataString(path) is { Length: <= LongestReturn } written ? written : "-");

    public BegunVisit? Open(string? text) =>
        _sealed.Open(text) is [var request, var organization, var visit, var begun, var session, var path]
        ? new(request, new(Guid.Parse(organization)), Enum.Parse<ProviderVisit>(visit),
            new(long.Parse(begun, CultureInfo.InvariantCulture), TimeSpan.Zero), session is "-" ? null : Guid.Parse(session),
            path is "-" ? null : Uri.UnescapeDataString(path))
        : null;
}
