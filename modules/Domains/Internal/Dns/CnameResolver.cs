using System.Net;

namespace DirectoryPlatform.Domains.Internal.Dns;

/// <summary>The records of one type at the end of a name's CNAME chain, as one server tells them.</summary>
sealed record DnsFound(TxtOutcome Outcome, IReadOnlyList<DnsRecord> Records, IReadOnlyList<string> Chain, string? Detail);

/// <summary>Follows CNAME records: within one answer, as a resolver gives them,
/// and by asking on where an authoritative server stopped.</summary>
sealed class CnameResolver(DnsExchange exchange)
{
    const int LongestChain = 8; // resolvers give up between 8 (BIND's advice) and 16

    public async Task<DnsFound> Look(EndPoint server, string name, DnsType type, CancellationToken ct)
    {
        var chain = new List<string>();
        for (var asked = name; ;)
        {
            var reply = await exchange.Ask(server, asked, type, ct);
            if (reply.Message is not { } message)
                return new DnsFound(reply.Failure, [], chain, reply.Detail);
            var known = chain.Count;
            var end = Follow(message, asked, chain);
            var records = message.Answers.Where(record => record.Type == type && record.Owner == end).ToList();
            if (chain.Count > LongestChain)
                return new DnsFound(TxtOutcome.ServerFailed, [], chain, $"more than {LongestChain} CNAME records in a row");
            if (message.Code == DnsCode.NoError && records.Count == 0 && chain.Count > known && IsAskable(end))
                asked = end;
            else
                return Found(message.Code, records, chain);
        }
    }

    static string Follow(DnsMessage message, string from, List<string> chain)
    {
        while (chain.Count <= LongestChain
            && message.Answers.FirstOrDefault(record => record.Type == DnsType.Cname && record.Owner == from) is { Target: { } target })
            chain.Add(from = target);
        return from;
    }

    static bool IsAskable(string name) => name.Length is > 0 and <= 253 && !name.Contains('\\');

    static DnsFound Found(DnsCode code, List<DnsRecord> records, List<string> chain) => code switch
    {
        DnsCode.NoError when records.Count > 0 => new DnsFound(TxtOutcome.Records, records, chain, null),
        DnsCode.NoError => new DnsFound(TxtOutcome.NoRecords, [], chain, null),
        DnsCode.NameError => new DnsFound(TxtOutcome.NoSuchName, [], chain, null),
        DnsCode.ServerFailure => new DnsFound(TxtOutcome.ServerFailed, [], chain, "SERVFAIL"),
        DnsCode.Refused => new DnsFound(TxtOutcome.ServerFailed, [], chain, "REFUSED"),
        _ => new DnsFound(TxtOutcome.ServerFailed, [], chain, $"response code {(int)code}"),
    };
}
