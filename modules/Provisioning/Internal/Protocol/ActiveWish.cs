namespace DirectoryPlatform.Provisioning.Internal.Protocol;

/// <summary>
/// What a request says of <c>active</c>, read before and apart from everything else in it, so that nothing else can stand in the way of
/// switching a person off (SPEC P5). Left out, removed or null it says nothing; said twice, the last word counts.
/// </summary>
static class ActiveWish
{
    /// <summary>Of a whole resource: POST and PUT.</summary>
    public static bool? OfResource(JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Object) return null;
        bool? wish = null;
        foreach (var member in ScimResource.User.MembersOf(body))
            if (IsActive(member.Name) && ScimText.Truth(member.Value) is { } said) wish = said;
        return wish;
    }

    /// <summary>Of the operations of a PATCH, with a path and without one.</summary>
    public static bool? OfPatch(JsonElement body)
    {
        bool? wish = null;
        if (Member(body, "Operations") is not { ValueKind: JsonValueKind.Array } operations) return null;
        foreach (var operation in operations.EnumerateArray())
        {
            if (!Is(operation, "op", "add") && !Is(operation, "op", "replace") || Member(operation, "value") is not { } value) continue;
            var said = Member(operation, "path") is { ValueKind: not JsonValueKind.Null } path
                ? path.ValueKind is JsonValueKind.String && ScimText.Of(path) is { } text ? At(text.Trim(), value) : null
                : OfResource(value);
            wish = said ?? wish;
        }
        return wish;
    }

    static bool? At(string path, JsonElement value) => IsActive(path) ? ScimText.Truth(value) ?? OfResource(value)
        : ScimResource.User.IsCore(path) ? OfResource(value)
        : null;

    static bool IsActive(string name) => ScimResource.User.Find(name) is { Extension: null, Sub: null, Attribute.Name: "active" };

    static bool Is(JsonElement of, string name, string text) => Member(of, name) is { ValueKind: JsonValueKind.String } given
        && text.Equals(ScimText.Of(given), StringComparison.OrdinalIgnoreCase);

    static JsonElement? Member(JsonElement of, string name)
    {
        if (of.ValueKind is not JsonValueKind.Object) return null;
        foreach (var member in of.EnumerateObject())
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return member.Value;
        return null;
    }
}
