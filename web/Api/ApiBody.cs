using System.Text.Json.Serialization;

namespace DirectoryPlatform.Web.Api;

/// <summary>The request's body is not what this route takes.</summary>
sealed record BadBody(int Status, string Why) : Refusal("badBody", Why);

/// <summary>Of a body whose members say whom a deed is for: one that is null is refused, because left out it would mean everybody.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class NamesWhomAttribute : Attribute;

/// <summary>Strict shapes: only JSON, only the known members, each once and of its type. A form of another site cannot be JSON without the
/// browser asking us first.</summary>
static class ApiBody
{
    /// <summary>Four times the longest that the fields may hold (own choice).</summary>
    const int MostBytes = 16 * 1024;

    static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        MaxDepth = 8,
        Converters = { new TextOnly() },
    };

    /// <summary>Lists of 10,000 addresses, and room (SPEC C6, U3).</summary>
    const int MostBytesOfLists = 1024 * 1024;

    /// <summary>A body of the management API; none, or one of white space, is an empty object where the route asks for nothing.</summary>
    public static async Task<Outcome<T>> ReadLong<T>(HttpContext http, bool mayBeMissing = false) where T : class
    {
        if (await Bytes(http, MostBytesOfLists) is not { } bytes)
            return new BadBody(StatusCodes.Status413PayloadTooLarge, "The body is too large.");
        if (mayBeMissing && bytes.Length == 0) bytes = "{}"u8.ToArray();
        else if (!http.Request.HasJsonContentType())
            return new BadBody(StatusCodes.Status415UnsupportedMediaType, "Send the body as application/json.");
        return Parse<T>(bytes);
    }

    public static async Task<Outcome<T>> Read<T>(HttpContext http) where T : class
    {
        if (!http.Request.HasJsonContentType())
            return new BadBody(StatusCodes.Status415UnsupportedMediaType, "Send the body as application/json.");
        if (await Bytes(http, MostBytes) is not { } bytes)
            return new BadBody(StatusCodes.Status413PayloadTooLarge, "The body is too large.");
        return Parse<T>(bytes);
    }

    /// <summary>Null when there are more than so many. Without the mark that some clients put before UTF-8, which is no JSON and may be
    /// ignored (RFC 8259, 8.1).</summary>
    public static async Task<byte[]?> Bytes(HttpContext http, int most)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0;)
        {
            if (kept.Length + read > most) return null;
            kept.Write(buffer, 0, read);
        }
        var bytes = kept.ToArray();
        return bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes[3..] : bytes;
    }

    static Outcome<T> Parse<T>(ReadOnlySpan<byte> bytes) where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize<T>(bytes, Strict) is not { } body)
                return new BadBody(StatusCodes.Status400BadRequest, "The body is null.");
            return typeof(T).IsDefined(typeof(NamesWhomAttribute), inherit: false) && NullMember(bytes) is { } member
                ? new InvalidValue(member, $"The member {member} is null. Leave it out, or give it a value.")
                : body;
        }
        catch (JsonException bad)
        {
            return new BadBody(StatusCodes.Status400BadRequest, WhyNot<T>(bad.Path));
        }
    }

    static string? NullMember(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        for (string? member = null; reader.Read();)
            if (reader.CurrentDepth == 1 && reader.TokenType is JsonTokenType.PropertyName) member = reader.GetString();
            else if (reader.CurrentDepth == 1 && reader.TokenType is JsonTokenType.Null) return member;
        return null;
    }

    /// <param name="path">Of the member, such as "$.emails[3]"; "$" for the body itself.</param>
    static string WhyNot<T>(string? path)
    {
        var member = path?.StartsWith("$.", StringComparison.Ordinal) == true ? path[2..Math.Min(path.Length, 52)] : null;
        var known = Strict.GetTypeInfo(typeof(T)).Properties.Select(p => p.Name).ToList();
        return member is null ? "The body is not the expected JSON object with each member at most once."
            : known.Count == 0 || known.Contains(member.Split('.', '[')[0])
                ? $"The member {member} is unknown, not of its type, or appears twice."
            : $"The member {member} is not known here; known are {string.Join(", ", known)}.";
    }

    /// <summary>What no form may hold no body may hold either: a NUL at the end of a password would even be the same password, because HMAC
    /// pads its key with them (RFC 2104, 3).</summary>
    sealed class TextOnly : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String && BadInput.IsText(reader.GetString())
            ? reader.GetString()
            : throw new JsonException();
        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
