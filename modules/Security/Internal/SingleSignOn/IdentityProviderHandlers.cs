using DirectoryPlatform.Security.Internal.SingleSignOn.Saml;
using MediatR;

namespace DirectoryPlatform.Security.Internal.SingleSignOn;

sealed class IdentityProviderHandlers(IdentityProviderStore store, TimeProvider clock)
    : IRequestHandler<ReadIdentityProvider, IdentityProviderView>, IRequestHandler<ReadOurMetadata, string>,
    IRequestHandler<ProposeIdentityProvider, Outcome<Done>>, IRequestHandler<WithdrawProposedProvider, Outcome<Done>>,
    IRequestHandler<RemoveIdentityProvider, Outcome<Done>>
{
    public async Task<IdentityProviderView> Handle(ReadIdentityProvider query, CancellationToken ct)
    {
        var row = await store.Of(query.Organization, ct);
        return new(store.Ours(query.Organization), row?.InForce, row?.Proposed, await store.PoliciesOf(query.Organization, ct));
    }

    public Task<string> Handle(ReadOurMetadata query, CancellationToken ct)
    {
        var ours = store.Ours(query.Organization);
        return Task.FromResult(OurMetadata.Write(ours.EntityId, ours.AnswersTo));
    }

    public async Task<Outcome<Done>> Handle(ProposeIdentityProvider command, CancellationToken ct)
    {
        var settings = Settings(command);
        return settings.Granted ? await store.Propose(command.Organization, settings.Value, command.Origin, ct) : settings.Refusal;
    }

    public Task<Outcome<Done>> Handle(WithdrawProposedProvider command, CancellationToken ct) =>
        store.Withdraw(command.Organization, command.Origin, ct);

    public Task<Outcome<Done>> Handle(RemoveIdentityProvider command, CancellationToken ct) =>
        store.Remove(command.Organization, command.Origin, ct);

    Outcome<ProviderSettings> Settings(ProposeIdentityProvider typed)
    {
        var now = clock.GetUtcNow();
        if (!string.IsNullOrWhiteSpace(typed.Metadata)) return ProviderMetadata.Read(typed.Metadata.Trim().TrimStart('\uFEFF'), now);
        // In the order of the fields; the certificate comes last there, too.
        var settings = ProviderSettings.Of(typed.EntityId, typed.SignInAddress, []);
        if (!settings.Granted) return settings;
        var certificates = CertificateText.Read(typed.Certificates, now);
        return certificates.Granted ? settings.Value with { Certificates = certificates.Value } : certificates.Refusal;
    }
}
