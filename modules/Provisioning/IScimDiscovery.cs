namespace DirectoryPlatform.Provisioning;

/// <summary>What a provider can ask before anything else (RFC 7644, 4; RFC 7643, 5 to 7). No request, because the routes hand it out
/// without a question to the database. A root is the directory's base URL, without a slash at its end.</summary>
public interface IScimDiscovery
{
    JsonObject ServiceProviderConfig(string root);

    JsonObject Schemas(string root);

    /// <summary>Null for an unknown URN.</summary>
    JsonObject? Schema(string root, string urn);

    JsonObject ResourceTypes(string root);

    /// <summary>Null for an unknown name.</summary>
    JsonObject? ResourceType(string root, string name);
}
