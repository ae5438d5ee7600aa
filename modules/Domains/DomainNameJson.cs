using System.Text.Json;
using System.Text.Json.Serialization;

namespace DirectoryPlatform.Domains;

/// <summary>Writes a name as its <see cref="DomainName.Value"/>; reads what was written.
/// Names typed by people go through <see cref="DomainName.Parse"/>.</summary>
public sealed class DomainNameJson : JsonConverter<DomainName>
{
    public override DomainName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try { return DomainName.Trusted(reader.GetString() ?? ""); }
        catch (ArgumentException error) { throw new JsonException(error.Message, error); }
    }

    public override void Write(Utf8JsonWriter writer, DomainName value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
