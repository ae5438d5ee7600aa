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

/// <summary>Names and character strings as they lie on the wire (RFC 1035, 3.1, 3.3 and 4.1.4).</summary>
static class DnsNames
{
    const int LongestName = 255;
    const int LongestLabel = 63;
    const byte Pointer = 0xC0;

    public static int WireLength(string name) => name.Length + 2;

    /// <summary>Writes the name and returns what is left of the buffer.</summary>
    /// <exception cref="ArgumentException">A label is empty or over 63 octets, or the name is over 255:
    /// our own bug, never network data.</exception>
    public static Span<byte> Write(Span<byte> to, string name)
    {
        if (WireLength(name) > LongestName)
            throw new ArgumentException("Too long for DNS.", nameof(name));
        foreach (var label in name.Split('.'))
        {
            if (label.Length is 0 or > LongestLabel)
                throw new ArgumentException("Not a DNS name.", nameof(name));
            to[0] = (byte)label.Length;
            Encoding.ASCII.GetBytes(label, to[1..]);
            to = to[(label.Length + 1)..];
        }
        to[0] = 0;
        return to[1..];
    }

    /// <summary>
    /// Reads a name, compressed or not, and moves behind it. Every pointer must lead before the place it was read from on the way, so
    /// there are no loops. Lower case; what is not printable, and the dot inside a label, as <c>\DDD</c> (RFC 4343, 2.1).
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, ref int at, out string name)
    {
        name = "";
        var text = new StringBuilder();
        var (place, wall, behind, octets) = (at, at, -1, 1);
        while (place < packet.Length)
        {
            var length = packet[place];
            if ((length & Pointer) == Pointer)
            {
                if (place + 1 >= packet.Length)
                    return false;
                if (behind < 0)
                    behind = place + 2;
                place = ((length & ~Pointer) << 8) | packet[place + 1];
                if (place >= wall)
                    return false;
                wall = place;
                continue;
            }
            if (length > LongestLabel || place + 1 + length > packet.Length || (octets += length + 1) > LongestName + 1)
                return false;
            if (length == 0)
            {
                at = behind < 0 ? place + 1 : behind;
                name = text.ToString();
                return true;
            }
            if (text.Length > 0)
                text.Append('.');
            foreach (var octet in packet.Slice(place + 1, length))
                Append(text, octet);
            place += 1 + length;
        }
        return false;
    }

    /// <summary>The strings of one TXT record joined, or null when their lengths overrun it.</summary>
    public static string? Joined(ReadOnlySpan<byte> data)
    {
        Span<byte> all = new byte[data.Length];
        var filled = 0;
        while (!data.IsEmpty)
        {
            var length = data[0];
            if (length + 1 > data.Length)
                return null;
            data.Slice(1, length).CopyTo(all[filled..]);
            filled += length;
            data = data[(length + 1)..];
        }
        return Encoding.UTF8.GetString(all[..filled]);
    }

    static void Append(StringBuilder text, byte octet)
    {
        if (octet is > 0x20 and < 0x7F and not ((byte)'.' or (byte)'\\'))
            text.Append(char.ToLowerInvariant((char)octet));
        else
            text.Append('\\').Append(octet.ToString("D3", CultureInfo.InvariantCulture));
    }
}
