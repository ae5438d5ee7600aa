using System.Net;

namespace DirectoryPlatform.Domains.Internal.Dns;

/// <summary>
/// Asks every configured resolver for the TXT records of a name. Registered by <c>AddDomainProof</c> with TryAdd, and once more under
/// the key <see cref="Network"/>, so that another registration can stand in front of it, such as the demo's zone for names under
/// <c>.example</c>:
/// <code>services.AddSingleton&lt;ITxtLookup&gt;(all => new
/// DemoZone(all.GetRequiredKeyedService&lt;ITxtLookup&gt;(ITxtLookup.Network)));</code>
/// </summary>
interface ITxtLookup
{
    /// <summary>The key under which the look-up over the network is always found.</summary>
    public const string Network = "network";

    /// <summary>One answer per resolver, in the order of the configuration; all are asked at once.
    /// Bad network data is an outcome, never an exception.</summary>
    /// <param name="name">ASCII labels, lower case, no trailing dot; may begin with underscores.</param>
    /// <param name="ct">Ends the look-up early with an <see cref="OperationCanceledException"/>.</param>
    Task<IReadOnlyList<TxtAnswer>> Look(string name, CancellationToken ct);
}

/// <summary>What one resolver said.</summary>
/// <param name="Server">The resolver as <c>host:port</c>.</param>
/// <param name="Outcome">Records, or why there are none.</param>
/// <param name="Records">Each record's strings joined (RFC 7208, 3.3 does the same), read as UTF-8; empty unless
/// <see cref="TxtOutcome.Records"/>.</param>
/// <param name="CnameChain">The names that CNAME records led to, in order, lower case; empty when the name answered itself.</param>
/// <param name="Took">From the first question to the end.</param>
/// <param name="Detail">More for the administrator, such as the response code; null when there is nothing to add.</param>
sealed record TxtAnswer(string Server, TxtOutcome Outcome, IReadOnlyList<string> Records, IReadOnlyList<string> CnameChain,
    TimeSpan Took, string? Detail = null);

enum TxtOutcome
{
    /// <summary>At least one TXT record.</summary>
    Records,

    /// <summary>NXDOMAIN: nothing at all is published under this name.</summary>
    NoSuchName,

    /// <summary>NODATA: the name exists or may exist, but has no TXT record.</summary>
    NoRecords,

    /// <summary>SERVFAIL, REFUSED or another failure code.</summary>
    ServerFailed,

    /// <summary>No answer in time, or nothing listens there.</summary>
    NoAnswer,

    /// <summary>An answer that is not DNS.</summary>
    Unreadable,
}

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
