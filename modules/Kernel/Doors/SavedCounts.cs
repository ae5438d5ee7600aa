using System.Buffers.Binary;
using Orleans;
using Orleans.Storage;

namespace DirectoryPlatform.Kernel.Doors;

/// <summary>Counts as the database keeps them: a byte that says how, then of each a key and when it is at rest, in ticks of UTC.</summary>
[GenerateSerializer]
sealed class SavedCounts
{
    const byte Now = 1;
    const int KeyBytes = 16, Bytes = KeyBytes + sizeof(long);

    [Id(0)]
    public byte[] Rows { get; set; } = [];

    /// <summary>None where another version has written them in its own way.</summary>
    public IEnumerable<(Guid Key, long RestsAt)> All()
    {
        if (Rows is not [Now, ..]) yield break;
        for (var at = 1; at + Bytes <= Rows.Length; at += Bytes)
            yield return (new(Rows.AsSpan(at, KeyBytes)), BinaryPrimitives.ReadInt64BigEndian(Rows.AsSpan(at + KeyBytes)));
    }

    public static SavedCounts Of(IReadOnlyCollection<(Guid Key, long RestsAt)> counts)
    {
        var rows = new byte[1 + (counts.Count * Bytes)];
        rows[0] = Now;
        var at = 1;
        foreach (var (key, rest) in counts)
        {
            key.TryWriteBytes(rows.AsSpan(at));
            BinaryPrimitives.WriteInt64BigEndian(rows.AsSpan(at + KeyBytes), rest);
            at += Bytes;
        }
        return new() { Rows = rows };
    }

    /// <summary>The bytes as they are: the provider's own way would be JSON with the bytes as text in it.</summary>
    public sealed class AsBytes : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => new(((SavedCounts)(object)input!).Rows);

        public T Deserialize<T>(BinaryData input) => (T)(object)new SavedCounts { Rows = input.ToArray() };
    }
}
