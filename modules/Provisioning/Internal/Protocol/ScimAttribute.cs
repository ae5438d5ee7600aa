namespace DirectoryPlatform.Provisioning.Internal.Protocol;

enum ScimType { String, Boolean, DateTime, Reference, Binary, Complex }

enum ScimMutability { ReadWrite, ReadOnly, Immutable, WriteOnly }

enum ScimReturned { Default, Always, Never }

/// <summary>One attribute of a schema with its characteristics (RFC 7643, 7).</summary>
sealed record ScimAttribute(string Name, ScimType Type, string Description)
{
    public bool Many { get; init; }
    public bool Required { get; init; }
    public bool CaseExact { get; init; }
    public ScimMutability Mutability { get; init; }
    public ScimReturned Returned { get; init; }

    /// <summary>"none" or "server".</summary>
    public string Uniqueness { get; init; } = "none";

    public IReadOnlyList<ScimAttribute> Sub { get; init; } = [];

    /// <summary>What a reference may lead to.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Values that the RFC proposes; others are taken, too.</summary>
    public IReadOnlyList<string> Canonical { get; init; } = [];

    public ScimAttribute? Find(string name) => Sub.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A schema with its URN (RFC 7643, 7).</summary>
sealed record ScimSchema(string Urn, string Name, string Description, IReadOnlyList<ScimAttribute> Attributes);

/// <summary>Where a name leads within a resource.</summary>
/// <param name="Extension">The URN under which the attribute stands; null for the core schema.</param>
/// <param name="Attribute">Null when the whole extension is meant.</param>
sealed record ScimTarget(string? Extension, ScimAttribute? Attribute, ScimAttribute? Sub)
{
    /// <summary>The last that is named.</summary>
    public ScimAttribute? Leaf => Sub ?? Attribute;

    /// <summary>In the schema's letter case: "name.familyName", or with the URN in front.</summary>
    public string Path => (Extension, Attribute, Sub) switch
    {
        ({ } urn, null, _) => urn,
        ({ } urn, { } attribute, null) => $"{urn}:{attribute.Name}",
        ({ } urn, { } attribute, { } sub) => $"{urn}:{attribute.Name}.{sub.Name}",
        (null, { } attribute, { } sub) => $"{attribute.Name}.{sub.Name}",
        _ => Attribute?.Name ?? "",
    };
}
