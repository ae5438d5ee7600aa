using DirectoryPlatform.Security.Internal.Sessions;
using DirectoryPlatform.Security.Internal.SigningIn;
using MediatR;

namespace DirectoryPlatform.Security.Internal.Keys;

sealed class AuthenticateApiKeyHandler(ApiKeyStore keys, Gate gate, RecentVisitors recent) : IRequestHandler<AuthenticateApiKey, Visitor?>
{
    public Task<Visitor?> Handle(AuthenticateApiKey query, CancellationToken ct) =>
        !TokenText.IsOne(query.Secret, TokenText.Key) ? Task.FromResult<Visitor?>(null)
        : query.MayBeRecent ? recent.Ask(VisitorKey.Of(browser: false, query.Secret), () => Read(query.Secret, CancellationToken.None), ct)
        : Read(query.Secret, ct);

    /// <summary>Whatever else its admin administers: the key reaches its own organization alone.</summary>
    async Task<Visitor?> Read(string secret, CancellationToken ct)
    {
        if (await keys.Live(secret, ct) is not { } key) return null;
        if (await gate.MayAct(key.ActsFor, ct) is not { Granted: true, Value: var admin }
            || !admin.AdminOf.Contains(key.Grant.Organization)) return null;
        await keys.Used(key, ct);
        return new Visitor(admin.Id, key.Grant.Id, admin.Email, admin.Name,
            [key.Grant.Organization])
        { Means = $"{Visitor.KeyMeans} {key.Grant.Id}", Key = key.Grant };
    }
}
