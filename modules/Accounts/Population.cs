using System.Buffers.Binary;

namespace DirectoryPlatform.Accounts;

/// <summary>Made-up people: the same seed and domain give the same population, person by person (SPEC R5).</summary>
/// <param name="Domain">A-label form.</param>
public sealed record Population(string Domain, int Seed)
{
    static readonly DateTimeOffset First = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static readonly string[] Given =
    [
        "Ada", "Aiko", "Alejandro", "Amara", "Anika", "Arjun", "Astrid", "Aylin", "Björn", "Camille", "Chidi", "Clara", "Diego", "Dmitri",
        "Elif", "Emeka", "Emma", "Fatima", "Felix", "Freya",
        "Giulia", "Hana", "Hugo", "Ines", "Ingrid", "Ivan", "Jamal", "Jonas", "Julia", "Kai", "Kenji", "Lara", "Leila", "Léa", "Liam",
        "Lucía", "Magnus", "Mai", "Marek", "Marta",
        "Mateo", "Mei", "Mila", "Nadia", "Nia", "Noah", "Nora", "Oluwaseun", "Omar", "Oskar", "Paulo", "Petra", "Priya", "Rafael", "Rania",
        "Ravi", "Rosa", "Sanne", "Sara", "Selim",
        "Sofia", "Søren", "Tariq", "Thandi", "Tomás", "Uma", "Victor", "Wanjiru", "Wei", "Yara", "Yusuf", "Zofia", "Zoë", "Zuri",
    ];

    static readonly string[] Family =
    [
        "Abbott", "Adeyemi", "Almeida", "Andersson", "Bakker", "Baptiste", "Bauer", "Becker", "Bianchi", "Castillo", "Chen", "Cohen",
        "Costa", "Dąbrowski", "Das", "Diaz", "Dubois", "Eriksen", "Farouk", "Fischer",
        "Fontaine", "García", "Greco", "Gupta", "Haddad", "Hansen", "Hernández", "Hoffmann", "Horvat", "Ibrahim", "Ito", "Ivanova",
        "Jansen", "Johansson", "Kamau", "Kaya", "Khan", "Kim", "Kovács", "Kowalski",
        "Laurent", "Lee", "Lindqvist", "López", "Martin", "Mbeki", "Mensah", "Meyer", "Moreau", "Müller", "Mwangi", "Nakamura", "Nguyen",
        "Nielsen", "Novak", "O'Brien", "Okafor", "Oliveira", "Öztürk", "Park",
        "Patel", "Pereira", "Petrov", "Popescu", "Rahman", "Ricci", "Rossi", "Roy", "Ryan", "Sahin", "Santos", "Sato", "Schmidt", "Sharma",
        "Silva", "Singh", "Suzuki", "Svensson", "Tanaka", "Torres",
        "Usman", "Varga", "Vargas", "Visser", "Wagner", "Wang", "Weber", "Wójcik", "Yamamoto", "Yılmaz", "Zhang", "Zimmermann",
    ];

    /// <param name="index">From 0; also the order of creation, a second apart.</param>
    public Account Person(int index)
    {
        var random = new Random(HashCode(index));
        var (given, family) = (Given[random.Next(Given.Length)], Family[random.Next(Family.Length)]);
        var createdAt = First.AddSeconds(index);
        // One in fifty has not followed the verification mail.
        var verified = random.Next(50) > 0;
        return new(
            new(IdOf(createdAt, random)), 1, EmailAddress.Trusted($"{Ascii(given)}.{Ascii(family)}{index + 1}@{Domain}"),
            $"{given} {family}",
            verified ? AccountState.Active : AccountState.Unverified, verified, null, null, createdAt, null, null, null, [], [], []);
    }

    // The framework's own string hashes differ from run to run.
    int HashCode(int index)
    {
        var hash = 2166136261u; // FNV-1a
        foreach (var c in Domain) hash = (hash ^ c) * 16777619;
        foreach (var part in (ReadOnlySpan<int>)[Seed, index]) hash = (hash ^ (uint)part) * 16777619;
        return (int)hash;
    }

    /// <summary>A version 7 id (RFC 9562, 5.7) from a given time and a seeded source.</summary>
    static Guid IdOf(DateTimeOffset at, Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeMilliseconds() << 16 | (long)random.Next(1 << 12) | 0x7000);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new(bytes, bigEndian: true);
    }

    static string Ascii(string name) => string.Concat((SearchKey.Typed(name) ?? "").Where(char.IsAsciiLetter));
}

/// <summary>Writes a population in bulk (SPEC R5). People who are there already are left alone,
/// so that a broken-off run can be repeated.</summary>
/// <param name="Written">Called with the ids of each finished chunk, from several threads.</param>
public sealed record SeedAccounts(Population Population, int Count, Origin Origin, Func<IReadOnlyList<AccountId>, Task> Written)
    : IRequest<long>;
