using System.Runtime.CompilerServices;
using System.Text.Json;

namespace DirectoryPlatform.Kernel.Audit.Sealing;

/// <summary>
/// The sealed log as a file that can be checked anywhere (SPEC L2): JSON, a line each; each seal's line is followed by the lines of its
/// entries. Digests are hexadecimal.
/// </summary>
public static class AuditFile
{
    sealed record Line(SealLine? Seal, EntryLine? Entry);

    sealed record SealLine(Guid Chain, long No, string Previous, string Hash, int Entries);

    sealed record OpenSeal(Guid Chain, long No, byte[] Previous, byte[] Hash, int Announced);

    sealed record EntryLine(Guid Id, string Digest, string? PersonalDigest, string? AddressDigest, AuditRow? Row);

    public static async Task Write(Stream output, IAsyncEnumerable<AuditSeal> seals, CancellationToken ct)
    {
        await using var text = new StreamWriter(output, leaveOpen: true);
        await foreach (var seal in seals.WithCancellation(ct))
        {
            await text.WriteLineAsync(
                KernelJson.Write(new Line(new(seal.Chain, seal.No, Hex(seal.Previous), Hex(seal.Hash), seal.Entries.Count), null))
                .AsMemory(), ct);
            foreach (var e in seal.Entries)
                await text.WriteLineAsync(
                    KernelJson.Write(
                        new Line(null,
                            new(e.Id, Hex(e.Digest), e.PersonalDigest is null ? null : Hex(e.PersonalDigest),
                                e.AddressDigest is null ? null : Hex(e.AddressDigest), e.Row))).AsMemory(), ct);
        }
    }

    /// <exception cref="InvalidDataException">A line that is not of such a file, with its number.</exception>
    public static async IAsyncEnumerable<AuditSeal> Read(Stream input, [EnumeratorCancellation] CancellationToken ct)
    {
        using var text = new StreamReader(input, leaveOpen: true);
        OpenSeal? open = null;
        var entries = new List<SealedEntry>();
        var no = 0;
        while (await text.ReadLineAsync(ct) is { } read)
        {
            var (seal, entry) = Parse(read, ++no);
            if (seal is not null)
            {
                if (open is not null) yield return Of(open, entries);
                (open, entries) = (new(seal.Chain, seal.No, Bytes(seal.Previous, no), Bytes(seal.Hash, no), seal.Entries), []);
            }
            else if (entry is not null && open is not null)
                entries.Add(new(entry.Id, Bytes(entry.Digest, no), entry.PersonalDigest is { } p ? Bytes(p, no) : null,
                    entry.AddressDigest is { } a ? Bytes(a, no) : null, entry.Row));
            else throw new InvalidDataException($"Line {no} belongs to no seal.");
        }
        if (open is not null) yield return Of(open, entries);
    }

    static AuditSeal Of(OpenSeal seal, List<SealedEntry> entries) => entries.Count == seal.Announced
        ? new(seal.Chain, seal.No, seal.Previous, seal.Hash, entries)
        : throw new InvalidDataException($"Seal {seal.No} announces {seal.Announced} entries and has {entries.Count}.");

    static Line Parse(string line, int no)
    {
        try
        {
            var read = KernelJson.Read<Line>(line);
            // Another spelling of the same, such as a letter's case in a digest, is a change of the file all the same.
            if (KernelJson.Write(read) == line) return read;
        }
        catch (JsonException) { }
        throw new InvalidDataException($"Line {no} is not as a line of an exported audit log is written.");
    }

    /// <summary>In small letters only: that is how it was written.</summary>
    static byte[] Bytes(string hex, int no)
    {
        try
        {
            if (Convert.FromHexString(hex) is var bytes && Hex(bytes) == hex) return bytes;
        }
        catch (FormatException) { }
        throw new InvalidDataException($"Line {no} holds a digest that is none.");
    }

    static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
