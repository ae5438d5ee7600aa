using System.Net;

namespace DirectoryPlatform.Domains.Internal.Dns;

sealed class NetworkTxtLookup(DnsSettings settings, CnameResolver walk, TimeProvider clock) : ITxtLookup
{
    public async Task<IReadOnlyList<TxtAnswer>> Look(string name, CancellationToken ct) =>
        await Task.WhenAll(settings.Resolvers().Select(server => Ask(server, name, ct)));

    async Task<TxtAnswer> Ask(EndPoint server, string name, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var found = await walk.Look(server, name, DnsType.Txt, ct);
        return new TxtAnswer(Shown(server), found.Outcome, found.Records.Select(record => record.Text ?? "").ToList(), found.Chain,
            clock.GetElapsedTime(started), found.Detail);
    }

    static string Shown(EndPoint server) => server is DnsEndPoint named ? $"{named.Host}:{named.Port}" : server.ToString()!;
}
