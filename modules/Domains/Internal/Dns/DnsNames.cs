using System.Globalization;
using System.Text;

namespace DirectoryPlatform.Domains.Internal.Dns;

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
