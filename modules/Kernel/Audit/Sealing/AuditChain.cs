namespace DirectoryPlatform.Kernel.Audit.Sealing;

/// <summary>Something that is not as it was sealed.</summary>
/// <param name="Entry">Null when a seal itself is broken.</param>
public sealed record AuditBreak(Guid Chain, long Seal, Guid? Entry, string What)
{
    public override string ToString() => $"{(Entry is { } id ? $"Entry {id}" : "The seal")} in seal {Seal} of {Name(Chain)} {What}";

    internal static string Name(Guid chain) => chain == Guid.Empty ? "the platform's chain" : $"the chain of organization {chain}";
}

/// <summary>Checks the seals of one chain in their order (SPEC L2).</summary>
public sealed class AuditChain(Guid chain)
{
    public Guid Chain => chain;
    public long Seals { get; private set; }
    public long Entries { get; private set; }

    /// <summary>Entries whose personal values were erased: the rest of each is as it was.</summary>
    public long Erased { get; private set; }

    /// <summary>Hash of the last seal. Who keeps it elsewhere can tell that nothing was cut off
    /// at the end or written anew from the start.</summary>
    public byte[] Head { get; private set; } = new byte[32];

    /// <returns>What is broken in this seal, in the order of its entries.</returns>
    public IEnumerable<AuditBreak> Check(AuditSeal seal)
    {
        if (seal.No != Seals + 1)
            yield return Broken(seal, null, $"comes after seal {Seals}: seals between them are missing, or it is there twice.");
        if (!seal.Previous.AsSpan().SequenceEqual(Head)) yield return Broken(seal, null, "does not follow from the one before.");
        if (!AuditSeal.HashOf(seal.Previous, seal.No, seal.Entries.Select(e => e.Digest)).AsSpan().SequenceEqual(seal.Hash))
            yield return Broken(seal, null, "does not cover the digests that stand in it.");
        (Seals, Head) = (seal.No, seal.Hash);
        foreach (var entry in seal.Entries)
        {
            Entries++;
            if (entry.Row is not { } row)
            {
                yield return Broken(seal, entry.Id, "was deleted.");
                continue;
            }
            if (row.Id != entry.Id || (row.Organization ?? Guid.Empty) != chain || !row.Digest(entry.PersonalDigest, entry.AddressDigest)
                .AsSpan().SequenceEqual(entry.Digest))
                yield return Broken(seal, entry.Id, "was changed.");
            else if (!IsAsSealed(row.Personal, row.Salt, entry.PersonalDigest))
                yield return Broken(seal, entry.Id, "has other personal values than it had.");
            else if (!IsAsSealed(row.Address, row.AddressSalt, entry.AddressDigest))
                yield return Broken(seal, entry.Id, "has another address than it had.");
            else if (row.Personal is null && entry.PersonalDigest is not null || row.Address is null && entry.AddressDigest is not null)
                Erased++;
        }
    }

    /// <summary>An erased value is as sealed: it takes its salt with it.
    /// A salt without its value, or a value without its salt, is no erasure.</summary>
    static bool IsAsSealed(string? value, Guid? salt, byte[]? digest) => (value, digest) switch
    {
        (null, _) => salt is null,
        (_, null) => false,
        _ => salt is { } with && AuditRow.Salted(with, value).AsSpan().SequenceEqual(digest),
    };

    AuditBreak Broken(AuditSeal seal, Guid? entry, string what) => new(chain, seal.No, entry, what);
}
