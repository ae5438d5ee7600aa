using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Security.Internal.SingleSignOn;

/// <summary>Carries what a provider said in a test from the provider's post to the admin's page, sealed: nothing of it is stored.</summary>
sealed class TestAnswers(IDataProtectionProvider protection, TimeProvider clock) : IRequestHandler<ReadTestAnswer, ProviderSaid?>
{
    static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    const int Longest = 6_000;

    readonly SealedWords _sealed = new(protection.CreateProtector("what a provider said in a test"), clock, Life, Longest);

    public string Seal(OrganizationId organization, ProviderSaid said) =>
        _sealed.Seal($"{organization}", Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(said)));

    public Task<ProviderSaid?> Handle(ReadTestAnswer query, CancellationToken ct) => Task.FromResult(
        query.Visitor.Allows(Permission.ManagePolicies, query.Organization)
        && _sealed.Open(query.Said) is [var organization, var json] && organization == $"{query.Organization}"
            ? JsonSerializer.Deserialize<ProviderSaid>(Convert.FromBase64String(json))
            : null);
}
