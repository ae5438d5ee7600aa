using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Security.Internal.SingleSignOn;

/// <summary>Carries what a provider said in a test from the provider's post to the admin's page, sealed: nothing of it is stored.</summary>
sealed class TestAnswers(IDataProtectionProvider protection, TimeProvider clock) : IRequestHandler<ReadTestAnswer, ProviderSaid?>
{
    static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>It stands in an address beside the ticket, and a longer address is refused by proxies (own choice).</summary>
    const int Longest = 2_000;

    readonly SealedWords _sealed = new(protection.CreateProtector("what a provider said in a test"), clock, Life, Longest);

    /// <returns>Null for what is too long to be carried: the sign-in itself matters more.</returns>
    public string? Seal(OrganizationId organization, ProviderSaid said) =>
        _sealed.Seal($"{organization}", Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(said))) is { Length: <= Longest } text
            ? text
            : null;

    public Task<ProviderSaid?> Handle(ReadTestAnswer query, CancellationToken ct) => Task.FromResult(
        query.Visitor.Allows(Permission.ManagePolicies, query.Organization)
        && _sealed.Open(query.Said) is [var organization, var json] && organization == $"{query.Organization}"
            ? JsonSerializer.Deserialize<ProviderSaid>(Convert.FromBase64String(json))
            : null);
}
