using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace DirectoryPlatform.Domains.Internal.Dns;

enum DnsType : ushort { A = 1, Cname = 5, Txt = 16, Aaaa = 28 }

enum DnsCode { NoError = 0, FormatError = 1, ServerFailure = 2, NameError = 3, NotImplemented = 4, Refused = 5 }

/// <summary>One record of the answer section. Exactly one of the values is set, by <paramref name="Type"/>.</summary>
sealed record DnsRecord(string Owner, DnsType Type, string? Text = null, string? Target = null, IPAddress? Address = null);

/// <summary>A response as far as look-ups need it (RFC 1035, 4.1): code and the TXT, CNAME, A and AAAA records of class IN. Names are in
/// lower case, without the dot at their end.</summary>
sealed record DnsMessage(DnsCode Code, IReadOnlyList<DnsRecord> Answers)
{
    /// <param name="asked">As it was spelled in the question, letter by letter.</param>
    /// <returns>Null when it is no answer to this very question; it is somebody else's and must be ignored.</returns>
    public static DnsMessage? Of(IDnsQueryResponse response, string asked, DnsType type)
    {
        var (header, code) = (response.Header, (DnsCode)response.Header.ResponseCode);
        if (!header.HasQuery || header.OPCode != DnsOpCode.Query) return null;
        var same = response.Questions switch
        {
            [var one] => one.QueryName.Original == asked + "." && one.QuestionType == (QueryType)type && one.QuestionClass == QueryClass.IN,
            // Only where the server could not read the question.
            [] => code is DnsCode.FormatError or DnsCode.NotImplemented or DnsCode.ServerFailure or DnsCode.Refused,
            _ => false,
        };
        return same ? new(code, [.. response.Answers.Select(Read).OfType<DnsRecord>()]) : null;
    }

    static DnsRecord? Read(DnsResourceRecord record) => record.RecordClass != QueryClass.IN ? null : record switch
    {
        TxtRecord txt => new(Plain(record.DomainName), DnsType.Txt, Text: string.Concat(txt.Text)),
        CNameRecord alias => new(Plain(record.DomainName), DnsType.Cname, Target: Plain(alias.CanonicalName)),
        AddressRecord { Address: var address, RecordType: ResourceRecordType.A or ResourceRecordType.AAAA } =>
            new(Plain(record.DomainName), (DnsType)record.RecordType, Address: address),
        _ => null,
    };

    static string Plain(DnsString name) => name.Value[..^1].ToLowerInvariant();
}
