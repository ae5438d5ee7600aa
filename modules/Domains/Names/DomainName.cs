using DirectoryPlatform.Kernel;
namespace DirectoryPlatform.Domains.Names;
public static class DomainName { public static Outcome<string> Normalise(string text) => text.Trim().ToLowerInvariant(); }
