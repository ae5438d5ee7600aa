using DirectoryPlatform.Kernel.Clocks;

namespace DirectoryPlatform.Provisioning.Internal.Protocol;

/// <summary>
/// A filter asked of one resource. A multi-valued attribute fits when one of its values does; what is not there is equal to null alone, so
/// that ne holds of it; texts are compared by the schema's letter case and ordered by code point,
/// as the database does with <c>collate "C"</c>.
/// </summary>
static class FilterMatching
{
    public static bool Matches(ScimFilter filter, JsonObject on, Func<string, ScimTarget?> find) => filter switch
    {
        ScimFilter.And both => Matches(both.Left, on, find) && Matches(both.Right, on, find),
        ScimFilter.Or either => Matches(either.Left, on, find) || Matches(either.Right, on, find),
        ScimFilter.Not not => !Matches(not.Inner, on, find),
        ScimFilter.Always always => always.Fits,
        ScimFilter.Present present => find(present.Path) is { } target && Nodes(on, target).Any(IsPresent),
        ScimFilter.Within within => find(within.Path) is { Attribute: { } attribute, Sub: null } target
            && Nodes(on, target).OfType<JsonObject>().Any(value => Matches(within.Inner, value, name => SubOf(attribute, name))),
        ScimFilter.Compare compare => find(compare.Path) is { } target && Comparable(target) is { } leaf
            && Compares(compare, Leaves(on, target, leaf), leaf),
        _ => throw new InvalidOperationException($"A filter of another kind: {filter}"),
    };

    /// <summary>Names in brackets are those of the sub-attributes.</summary>
    public static ScimTarget? SubOf(ScimAttribute attribute, string name) => attribute.Find(name) is { } sub ? new(null, sub, null) : null;

    /// <summary>What is compared: of an attribute with parts its "value", as the RFC's own example <c>emails co "example.com"</c> has it;
    /// null when it has none.</summary>
    public static ScimAttribute? Comparable(ScimTarget target) => target.Leaf is { Type: ScimType.Complex } parts
        ? parts.Find("value")
        : target.Leaf;

    static IEnumerable<JsonNode> Leaves(JsonObject on, ScimTarget target, ScimAttribute leaf)
    {
        var nodes = Nodes(on, target);
        return target.Leaf!.Type is ScimType.Complex ? nodes.OfType<JsonObject>().Select(o => o[leaf.Name]).OfType<JsonNode>() : nodes;
    }

    static IEnumerable<JsonNode> Nodes(JsonObject on, ScimTarget target)
    {
        var home = target.Extension is null ? on : on[target.Extension] as JsonObject;
        var node = target.Attribute is null ? home : home?[target.Attribute.Name];
        IEnumerable<JsonNode> found = node switch { null => [], JsonArray list => list.OfType<JsonNode>(), _ => [node] };
        return target.Sub is null ? found : found.OfType<JsonObject>().Select(o => o[target.Sub.Name]).OfType<JsonNode>();
    }

    static bool IsPresent(JsonNode node) => node switch
    {
        JsonObject parts => parts.Any(p => p.Value is not null && IsPresent(p.Value)),
        JsonArray list => list.Count > 0,
        JsonValue value => value.GetValueKind() is not JsonValueKind.String || value.GetValue<string>().Length > 0,
        _ => false,
    };

    static bool Compares(ScimFilter.Compare compare, IEnumerable<JsonNode> leaves, ScimAttribute leaf)
    {
        var values = leaves.ToList();
        if (compare.Value is null) return values.Count == 0 == compare.Operator is ScimOperator.Eq;
        return values.Count == 0 ? compare.Operator is ScimOperator.Ne : values.Any(v => Compares(compare, v, leaf));
    }

    static bool Compares(ScimFilter.Compare compare, JsonNode node, ScimAttribute leaf)
    {
        if (leaf.Type is ScimType.Boolean)
            return Truth(compare.Value!) is { } wanted
                && node.GetValueKind() is JsonValueKind.True == wanted == compare.Operator is ScimOperator.Eq;
        if (node.GetValueKind() is not JsonValueKind.String || compare.Value is not string given)
            return compare.Operator is ScimOperator.Ne;
        var text = node.GetValue<string>();
        if (leaf.Type is ScimType.DateTime)
            return Time(text) is { } left && Time(given) is { } right && Orders(compare.Operator, left.CompareTo(right));
        if (!leaf.CaseExact) (text, given) = (text.ToLowerInvariant(), given.ToLowerInvariant());
        return compare.Operator switch
        {
            ScimOperator.Co => text.Contains(given, StringComparison.Ordinal),
            ScimOperator.Sw => text.StartsWith(given, StringComparison.Ordinal),
            ScimOperator.Ew => text.EndsWith(given, StringComparison.Ordinal),
            _ => Orders(compare.Operator, ByCodePoint(text, given)),
        };
    }

    static bool Orders(ScimOperator what, int order) => what switch
    {
        ScimOperator.Eq => order == 0,
        ScimOperator.Ne => order != 0,
        ScimOperator.Gt => order > 0,
        ScimOperator.Ge => order >= 0,
        ScimOperator.Lt => order < 0,
        ScimOperator.Le => order <= 0,
        _ => false,
    };

    /// <summary>UTF-16 puts what lies beyond its first plane before some of what lies in it;
    /// UTF-8, and so the database, does not.</summary>
    static int ByCodePoint(string left, string right) => string.Equals(left, right, StringComparison.Ordinal) ? 0
        : Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));

    public static bool? Truth(object value) =>
        value switch { bool truth => truth, string text when bool.TryParse(text, out var truth) => truth, _ => null };

    public static DateTimeOffset? Time(object value) => value is string text ? WrittenTime.Read(text) : null;
}
