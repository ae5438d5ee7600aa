namespace DirectoryPlatform.Provisioning.Internal.Protocol;

enum ScimAction { Add, Replace, Remove }

/// <summary>One step of a PATCH, read: what is done, where, and with which value.
/// A step without a path has become one for each member of its value.</summary>
/// <param name="Filter">Which values of a multi-valued attribute are meant; null for all.</param>
/// <param name="Value">Undefined for a removal without one.</param>
sealed record ScimOperation(ScimAction Deed, ScimTarget Target, ScimFilter? Filter, JsonElement Value)
{
    /// <summary>Steps in one request (own choice): a provider sends a hundred at a time.</summary>
    public const int Most = 1_000;

    /// <summary>Reads the body of a PATCH (RFC 7644, 3.5.2). Names of members and operations are taken in any letter case,
    /// as providers send them.</summary>
    public static Outcome<IReadOnlyList<ScimOperation>> ReadAll(JsonElement body, ScimResource kind, ICollection<string>? passedOver)
    {
        if (Member(body, "Operations") is not { ValueKind: JsonValueKind.Array } given || given.GetArrayLength() == 0)
            return ScimFault.Syntax("The body has no Operations.");
        if (given.GetArrayLength() > Most) return ScimFault.Syntax($"The body has more than {Most} operations.");
        var read = new List<ScimOperation>();
        foreach (var one in given.EnumerateArray())
            if (Oddities.Over(Read(one, kind, read, passedOver), passedOver) is { } fault) return fault;
        return read;
    }

    static ScimFault? Read(JsonElement given, ScimResource kind, List<ScimOperation> into, ICollection<string>? passedOver)
    {
        if (Member(given, "op") is not { ValueKind: JsonValueKind.String } op
            || EnumNames.Read<ScimAction>(ScimText.Of(op)) is not { } deed)
            return ScimFault.Syntax("An operation must be add, replace or remove.");
        var value = Member(given, "value") ?? default;
        if (value.ValueKind is JsonValueKind.Undefined && deed is not ScimAction.Remove)
            return ScimFault.Value($"The operation {op.GetString()} has no value.");
        if (Member(given, "path") is { ValueKind: not JsonValueKind.Null } path)
        {
            if (path.ValueKind is not JsonValueKind.String || ScimText.Of(path) is not { } text)
                return ScimFault.Path("The path is not text.");
            if (!kind.IsCore(text.Trim())) return ReadPath(deed, text, value, kind, into, passedOver, strict: true);
            if (deed is ScimAction.Remove || value.ValueKind is not JsonValueKind.Object) return NotAnAttribute(kind);
        }
        if (deed is ScimAction.Remove) return ScimFault.NoTarget("A removal needs a path.");
        if (value.ValueKind is not JsonValueKind.Object) return ScimFault.Value("The value of an operation without a path must be an "
            + "object.");
        foreach (var member in kind.MembersOf(value))
            if (Oddities.Over(ReadPath(deed, member.Name, member.Value, kind, into, passedOver, strict: false), passedOver) is { } fault)
                return fault;
        return null;
    }

    /// <param name="strict">Whether what is read-only is refused: named by a path it is a mistake (RFC 7644, 3.5.2); in a whole value it is
    /// passed over like in a PUT.</param>
    static ScimFault? ReadPath(ScimAction deed, string text, JsonElement value, ScimResource kind, List<ScimOperation> into,
        ICollection<string>? passedOver, bool strict)
    {
        var path = FilterParser.ParsePath(text);
        if (path.Refusal is ScimFault unread)
        {
            if (strict) return unread;
            passedOver?.Add(text);
            return null;
        }
        var (name, filter, sub) = path.Value;
        if (name.Equals("schemas", StringComparison.OrdinalIgnoreCase)) return null;
        if (strict && kind.IsCore(name)) return NotAnAttribute(kind);
        if (kind.Find(sub is null ? name : $"{name}.{sub}") is not { } target || filter is not null && kind.Find(name) is not { Sub: null })
        {
            passedOver?.Add(text);
            return null;
        }
        if (target.Attribute?.Mutability is ScimMutability.ReadOnly || target.Leaf?.Mutability is ScimMutability.ReadOnly)
            return strict ? ScimFault.Mutability($"{target.Path} cannot be changed.") : null;
        if (filter is not null && target.Attribute is not { Many: true })
            return ScimFault.Path($"{target.Attribute?.Name ?? target.Path} has one value, which brackets cannot select from.");
        if (filter?.CheckWithin(target.Attribute!) is { } mistake) return mistake;
        if (target.Sub?.Mutability is ScimMutability.Immutable)
            return ScimFault.Mutability($"{target.Path} cannot be changed. Remove the value and add another.");
        if (target.Attribute is null && value.ValueKind is JsonValueKind.Object && deed is not ScimAction.Remove)
        {
            foreach (var member in value.EnumerateObject())
                if (Oddities.Over(ReadPath(deed, $"{target.Extension}:{member.Name}", member.Value, kind, into, passedOver, strict: false),
                    passedOver) is { } fault) return fault;
            return null;
        }
        // Null unassigns all of the extension, or adds nothing to it; what else is no object is passed over, as in a whole resource.
        if (target.Attribute is null && deed is not ScimAction.Remove && value.ValueKind is not JsonValueKind.Null)
            return ScimResource.Wrong(target.Path, "is not an object.", passedOver).Refusal as ScimFault;
        into.Add(new(deed, target, filter, value));
        return null;
    }

    /// <summary>Behind the core schema's URN stands an object of attributes, and nothing else.</summary>
    static ScimFault NotAnAttribute(ScimResource kind) =>
        ScimFault.Path($"{kind.Core.Urn} is no attribute. Name one behind it, or give an object of attributes.");

    static JsonElement? Member(JsonElement of, string name)
    {
        if (of.ValueKind is not JsonValueKind.Object) return null;
        foreach (var member in of.EnumerateObject())
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return member.Value;
        return null;
    }
}
