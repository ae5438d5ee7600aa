using System.Buffers.Binary;
using System.Net;

namespace DirectoryPlatform.Domains.Internal.Dns;

enum DnsType : ushort { A = 1, Cname = 5, Txt = 16, Aaaa = 28, Opt = 41 }

enum DnsCode { NoError = 0, FormatError = 1, ServerFailure = 2, NameError = 3, NotImplemented = 4, Refused = 5 }

/// <summary>One record of the answer section. Exactly one of the values is set, by <paramref name="Type"/>.</summary>
sealed record DnsRecord(string Owner, DnsType Type, string? Text = null, string? Target = null, IPAddress? Address = null);

/// <summary>A response as far as look-ups need it (RFC 1035, 4.1): code, truncation, and the TXT, CNAME,
/// A and AAAA records of class IN.</summary>
sealed record DnsMessage(DnsCode Code, bool Truncated, IReadOnlyList<DnsRecord> Answers)
{
    const int HeaderLength = 12;
    const ushort ClassIn = 1;
    const ushort Response = 0x8000, OpcodeBits = 0x7800, TruncatedBit = 0x0200, RecursionDesired = 0x0100, CodeBits = 0x000F;

    /// <summary>The payload that fits every path unfragmented (DNS flag day 2020).</summary>
    public const ushort UdpPayload = 1232;

    /// <summary>One question, recursion desired, with an EDNS0 record (RFC 6891) unless the server does not understand it.</summary>
    public static byte[] Question(ushort id, string name, DnsType type, bool edns)
    {
        var message = new byte[HeaderLength + DnsNames.WireLength(name) + 4 + (edns ? 11 : 0)];
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), RecursionDesired);
        message[5] = 1;
        var rest = DnsNames.Write(message.AsSpan(HeaderLength), name);
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], ClassIn);
        if (edns)
        {
            message[11] = 1;
            BinaryPrimitives.WriteUInt16BigEndian(rest[5..], (ushort)DnsType.Opt);
            BinaryPrimitives.WriteUInt16BigEndian(rest[7..], UdpPayload);
        }
        return message;
    }

    /// <summary>True when the packet claims to answer this very question; anything else is somebody else's and must be ignored.</summary>
    public static bool IsAnswerTo(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> question)
    {
        if (packet.Length < HeaderLength || !packet[..2].SequenceEqual(question[..2]))
            return false;
        var flags = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if ((flags & Response) == 0 || (flags & OpcodeBits) != 0)
            return false;
        var questions = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (questions == 0) // allowed only where the server could not read the question
            return (DnsCode)(flags & CodeBits) is DnsCode.FormatError or DnsCode.NotImplemented or DnsCode.ServerFailure or DnsCode.Refused;
        var (asked, said) = (HeaderLength, HeaderLength);
        return questions == 1
            && DnsNames.TryRead(question, ref asked, out var name) && DnsNames.TryRead(packet, ref said, out var same) && name == same
            && packet.Length >= said + 4 && packet.Slice(said, 4).SequenceEqual(question.Slice(asked, 4));
    }

    /// <summary>Null when the packet breaks the format anywhere up to the end of its answers.
    /// Work is bounded by the packet's length.</summary>
    public static DnsMessage? Read(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < HeaderLength)
            return null;
        var flags = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        var at = HeaderLength;
        for (var questions = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]); questions > 0; questions--)
        {
            if (!DnsNames.TryRead(packet, ref at, out _) || at + 4 > packet.Length)
                return null;
            at += 4;
        }
        var truncated = (flags & TruncatedBit) != 0;
        var answers = new List<DnsRecord>();
        for (var count = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]); count > 0 && !truncated; count--)
        {
            if (!TryRecord(packet, ref at, out var record))
                return null;
            if (record is not null)
                answers.Add(record);
        }
        return new DnsMessage((DnsCode)(flags & CodeBits), truncated, answers);
    }

    static bool TryRecord(ReadOnlySpan<byte> packet, ref int at, out DnsRecord? record)
    {
        record = null;
        if (!DnsNames.TryRead(packet, ref at, out var owner) || at + 10 > packet.Length)
            return false;
        var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
        var isIn = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]) == ClassIn;
        var length = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 8)..]);
        at += 10;
        if (at + length > packet.Length)
            return false;
        var data = packet.Slice(at, length);
        var end = at + length;
        if (isIn && type == DnsType.Txt)
        {
            if (DnsNames.Joined(data) is not { } text)
                return false;
            record = new DnsRecord(owner, type, Text: text);
        }
        else if (isIn && type == DnsType.Cname)
        {
            if (!DnsNames.TryRead(packet, ref at, out var target) || at != end)
                return false;
            record = new DnsRecord(owner, type, Target: target);
        }
        else if (isIn && type is (DnsType.A or DnsType.Aaaa))
        {
            if (length != (type == DnsType.A ? 4 : 16))
                return false;
            record = new DnsRecord(owner, type, Address: new IPAddress(data));
        }
        at = end;
        return true;
    }
}
