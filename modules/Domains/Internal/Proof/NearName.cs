namespace DirectoryPlatform.Domains.Internal.Proof;

/// <summary>A name under which the TXT record was perhaps published by mistake (SPEC D7).
/// Looked at only where it is not at its own.</summary>
/// <param name="Why">Continues "It is at the name, …".</param>
sealed record NearName(string Name, string Why)
{
    const string Challenge = DomainToken.ChallengeLabel;

    /// <summary>The likely ones first.</summary>
    public static IReadOnlyList<NearName> Of(DomainName domain)
    {
        var (name, zone) = (domain.Value, domain.RegistrableDomain);
        var below = name == zone ? "" : $".{name[..^(zone.Length + 1)]}";
        var twice = "where the domain stands in the name once more: the DNS provider adds it by itself. Enter only";
        List<NearName> all =
        [
            new($"{Challenge}.{name}.{zone}", $"{twice} {Challenge}{below} as the name"),
            new($"{name}.{zone}", $"{twice} {Challenge}{below} as the name"),
            new($"{Challenge[1..]}.{name}", $"without the underscore at the beginning of {Challenge}"),
            new($"{Challenge}.www.{name}", "with www in it"),
            new($"www.{name}", "with www in front"),
            new($"{DomainToken.TxtPrefix.TrimEnd('=')}.{name}", "which is the beginning of the value instead of the name"),
        ];
        if (name != zone)
            all.AddRange(
            [
                new($"{Challenge}.{name}.{name}", $"{twice} {Challenge} as the name"),
                new($"{name}.{name}", $"{twice} {Challenge} as the name"),
                new($"{Challenge}.{zone}", $"which proves nothing of {name}: each subdomain has a record of its own"),
                new(zone, $"which proves nothing of {name}: each subdomain has a record of its own"),
            ]);
        return [.. all.Where(near => near.Name.Length <= 253 && near.Name.Split('.').All(label => label.Length <= 63))
            .DistinctBy(near => near.Name)];
    }
}
