namespace DirectoryPlatform.Provisioning.Internal.Protocol;

sealed partial record ScimResource
{
    static readonly string[] NeverKept = ["id", "meta", "schemas"];

    /// <summary>
    /// Normalizes what a provider sends: names in the schema's letter case, values of the schema's type ("True" counts as a boolean),
    /// readOnly and unknown attributes dropped, null and empty lists dropped as unassigned (RFC 7643, 2.5), at most one primary value. A
    /// required attribute that is missing and a value of another type are refused with invalidValue, which names the attribute. The
    /// enterprise attributes stand in one object under their URN, as RFC 7643, 8.3 shows. <c>schemas</c>, <c>id</c>, <c>meta</c> and
    /// <c>groups</c> are not in the result.
    /// </summary>
    /// <param name="passedOver">Gets the paths of what was dropped because the schema does not know it.</param>
    public Outcome<JsonObject> Read(JsonElement given, ICollection<string>? passedOver = null)
    {
        if (given.ValueKind is not JsonValueKind.Object) return ScimFault.Syntax("The resource is not a JSON object.");
        var resource = new JsonObject();
        foreach (var member in MembersOf(given))
        {
            if (NeverKept.Contains(member.Name, StringComparer.OrdinalIgnoreCase)) continue;
            if (Find(member.Name) is not { } target)
            {
                passedOver?.Add(member.Name);
                continue;
            }
            var put = target.Attribute is null
                ? ReadExtension(resource, target.Extension!, member.Value, passedOver)
                : Put(resource, target, member.Value, passedOver);
            if (Oddities.Over(put, passedOver) is { } fault) return fault;
        }
        return Oddities.Over(Whole(resource), passedOver) is { } missing ? missing : resource;
    }

    /// <returns>What is missing; null when the resource is whole.</returns>
    public ScimFault? Whole(JsonObject resource) =>
        Core.Attributes.FirstOrDefault(a => a.Required && IsUnassigned(resource[a.Name])) is { } missing
        ? ScimFault.Value($"{missing.Name} is required.") : null;

    static bool IsUnassigned(JsonNode? node) => node switch
    {
        null => true,
        JsonValue value => value.GetValueKind() is JsonValueKind.String && value.GetValue<string>().Length == 0,
        JsonArray list => list.Count == 0,
        _ => false,
    };

    ScimFault? ReadExtension(JsonObject resource, string urn, JsonElement given, ICollection<string>? passedOver)
    {
        if (given.ValueKind is JsonValueKind.Null) return null;
        if (given.ValueKind is not JsonValueKind.Object) return Wrong(urn, "is not an object.", passedOver).Refusal as ScimFault;
        foreach (var member in given.EnumerateObject())
            if (Find($"{urn}:{member.Name}") is not { Attribute: not null } target) passedOver?.Add($"{urn}:{member.Name}");
            else if (Oddities.Over(Put(resource, target, member.Value, passedOver), passedOver) is { } fault) return fault;
        return null;
    }

    /// <summary>A whole resource may name a sub-attribute with a dot, too: some providers write all names that way.</summary>
    static ScimFault? Put(JsonObject resource, ScimTarget target, JsonElement given, ICollection<string>? passedOver)
    {
        if (target.Attribute!.Mutability is ScimMutability.ReadOnly || target.Leaf!.Mutability is ScimMutability.ReadOnly) return null;
        var value = ReadValue(target.Leaf, given, target.Path, passedOver);
        if (value.Refusal is ScimFault fault) return fault;
        if (value.Value.Node is not { } node) return null;
        var home = HomeOf(resource, target.Extension);
        if (target.Sub is not null && target.Attribute.Many)
            return Wrong(target.Path, "refers to a sub-attribute of several values.", passedOver).Refusal as ScimFault;
        if (target.Sub is null) home[target.Attribute.Name] = node;
        else (home[target.Attribute.Name] as JsonObject ?? (JsonObject)(home[target.Attribute.Name] = new JsonObject()))[target.Sub.Name] =
            node;
        return null;
    }

    /// <summary>The object in which the attributes of a schema stand; made when it is not there.</summary>
    public static JsonObject HomeOf(JsonObject resource, string? extension) =>
        extension is null ? resource : resource[extension] as JsonObject ?? (JsonObject)(resource[extension] = new JsonObject());

    /// <summary>Null in it means unassigned.</summary>
    public readonly record struct Maybe(JsonNode? Node);

    public static Outcome<Maybe> ReadValue(ScimAttribute attribute, JsonElement given, string path, ICollection<string>? passedOver)
    {
        if (given.ValueKind is JsonValueKind.Null) return new Maybe(null);
        if (!attribute.Many) return ReadOne(attribute, given, path, passedOver);
        var list = new JsonArray();
        // One value where a list belongs is a list of one: providers differ in it.
        foreach (var item in given.ValueKind is JsonValueKind.Array ? given.EnumerateArray().ToArray() : [given])
        {
            var one = ReadOne(attribute, item, path, passedOver);
            if (!one.Granted) return one;
            if (one.Value.Node is { } node) list.Add(node);
        }
        KeepOnePrimary(list, list.OfType<JsonObject>().LastOrDefault(IsPrimary));
        return new Maybe(list.Count == 0 ? null : list);
    }

    public static Outcome<Maybe> ReadOne(ScimAttribute attribute, JsonElement given, string path, ICollection<string>? passedOver)
    {
        if (given.ValueKind is JsonValueKind.Null) return new Maybe(null);
        if (attribute.Type is ScimType.Complex) return ReadComplex(attribute, given, path, passedOver);
        if (attribute.Type is ScimType.Boolean)
            // What cannot be read of "active" is refused: passing it over could leave somebody in, and taking it for a no put somebody out.
            return ScimText.Truth(given) is { } truth
                ? new Maybe(truth)
                : Wrong(path, "is neither true nor false.", path == "active" ? null : passedOver);
        // A number where text belongs is taken as its text: employee numbers and phone numbers come that way.
        var text = given.ValueKind switch
        {
            JsonValueKind.String => ScimText.Of(given),
            JsonValueKind.Number => given.GetRawText(),
            _ => null
        };
        if (text is null) return Wrong(path, "is not text.", passedOver);
        if (attribute.Type is ScimType.DateTime && FilterMatching.Time(text) is null) return Wrong(path, "is not a time.", passedOver);
        return new Maybe(text);
    }

    static Outcome<Maybe> ReadComplex(ScimAttribute attribute, JsonElement given, string path, ICollection<string>? passedOver)
    {
        var made = new JsonObject();
        if (given.ValueKind is not JsonValueKind.Object)
        {
            // A bare value stands for the "value" of an attribute that has one: managers and members come that way.
            if (attribute.Find("value") is not { } bare) return Wrong(path, "is not an object.", passedOver);
            var one = ReadOne(bare, given, path, passedOver);
            if (!one.Granted || one.Value.Node is null) return one;
            made["value"] = one.Value.Node;
            return new Maybe(made);
        }
        foreach (var member in given.EnumerateObject())
        {
            if (attribute.Find(member.Name) is not { } sub) passedOver?.Add($"{path}.{member.Name}");
            else if (sub.Mutability is not ScimMutability.ReadOnly)
            {
                var value = ReadOne(sub, member.Value, $"{path}.{sub.Name}", passedOver);
                if (!value.Granted) return value;
                if (value.Value.Node is { } node) made[sub.Name] = node;
            }
        }
        return new Maybe(made.Count == 0 ? null : made);
    }

    /// <summary>A fault; or only a note, and then the value counts as unassigned.</summary>
    public static Outcome<Maybe> Wrong(string path, string why, ICollection<string>? passedOver)
    {
        if (passedOver is not Oddities odd) return ScimFault.Value($"{path} {why}");
        odd.Note($"{path}: ignored, because it {why}");
        return new Maybe(null);
    }

    public static bool IsPrimary(JsonObject value) => value["primary"] is JsonValue flag && flag.GetValueKind() is JsonValueKind.True;

    /// <summary>RFC 7643, 2.4: true for one value at most; the one that was said last counts.</summary>
    public static void KeepOnePrimary(JsonArray list, JsonObject? chosen)
    {
        if (chosen is null) return;
        foreach (var other in list.OfType<JsonObject>())
            if (other != chosen && IsPrimary(other)) other["primary"] = false;
    }
}

/// <summary>Text that the database can hold.</summary>
static class ScimText
{
    /// <summary>A boolean as providers write it: also as text in any letter case, as the one value of a list, or with a "value" around it.
    /// Null for what is neither true nor false.</summary>
    public static bool? Truth(JsonElement given) => given.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(given.GetString(), out var truth) => truth,
        JsonValueKind.Array when given.GetArrayLength() == 1 => Truth(given[0]),
        JsonValueKind.Object when given.TryGetProperty("value", out var inner) => Truth(inner),
        _ => null,
    };

    /// <returns>Null for what is no text: a NUL, or half of a surrogate pair.</returns>
    public static string? Of(JsonElement given)
    {
        try { return given.GetString() is { } text && !text.Contains('\0', StringComparison.Ordinal) ? text : null; }
        catch (InvalidOperationException) { return null; }
    }
}
