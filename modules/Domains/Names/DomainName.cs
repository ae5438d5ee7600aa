using DirectoryPlatform.Kernel;
namespace DirectoryPlatform.Domains.Names;
public sealed record DomainName(string Value) { public string Display => Value; public static DomainName Trusted(string s) => new(s); public static Outcome<DomainName> Parse(string? s) => new DomainName(s!); public static Outcome<string> Normalise(string text) => text.Trim().ToLowerInvariant(); }
