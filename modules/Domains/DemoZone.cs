namespace DirectoryPlatform.Domains;

/// <summary>A record of the demo's built-in zone, which answers for names under .example (SPEC R3).</summary>
/// <param name="Type">"TXT", "CNAME", or "HTTPS" for the text of the verification page on the name's web server, which the demo is as
/// well.</param>
public sealed record DemoRecord(Guid Id, string Name, string Type, string Value);

public sealed record ReadDemoZone : IRequest<IReadOnlyList<DemoRecord>>;

/// <summary>Refused with <see cref="InvalidValue"/> (fields "name", "type", "value") when the name is not under .example or something does
/// not fit into DNS.</summary>
public sealed record AddDemoRecord(string? Name, string? Type, string? Value) : IRequest<Outcome<Done>>;

public sealed record RemoveDemoRecord(Guid Id) : IRequest<Outcome<Done>>;
