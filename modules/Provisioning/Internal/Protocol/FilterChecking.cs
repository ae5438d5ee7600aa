namespace DirectoryPlatform.Provisioning.Internal.Protocol;

/// <summary>A filter that names what there is not, or compares what cannot be compared, is a mistake that its writer wants to hear of (RFC
/// 7644, 3.4.2.2: invalidFilter), not an empty list.</summary>
static class FilterChecking
{
    public static ScimFault? Check(ScimFilter filter, Func<string, ScimTarget?> find) => filter switch
    {
        ScimFilter.And both => Check(both.Left, find) ?? Check(both.Right, find),
        ScimFilter.Or either => Check(either.Left, find) ?? Check(either.Right, find),
        ScimFilter.Not not => Check(not.Inner, find),
        ScimFilter.Always => null,
        ScimFilter.Present present => find(present.Path) is null ? Unknown(present.Path) : null,
        ScimFilter.Within within => find(within.Path) switch
        {
            null => Unknown(within.Path),
            { Sub: null, Attribute: { Type: ScimType.Complex } attribute } =>
                Check(within.Inner, name => FilterMatching.SubOf(attribute, name)),
            _ => ScimFault.Filter($"{within.Path} has no parts that brackets could select by."),
        },
        ScimFilter.Compare compare => find(compare.Path) is not { } target ? Unknown(compare.Path)
            : FilterMatching.Comparable(target) is not { } leaf ? ScimFault.Filter($"{compare.Path} has sub-attributes; name the one to "
                + "compare.")
            : Check(compare, leaf),
        _ => throw new InvalidOperationException($"A filter of another kind: {filter}"),
    };

    static ScimFault Unknown(string path) => ScimFault.Filter($"There is no attribute {path}.");

    static ScimFault? Check(ScimFilter.Compare compare, ScimAttribute leaf)
    {
        if (compare.Value is null)
            return compare.Operator is ScimOperator.Eq or ScimOperator.Ne
                ? null
                : ScimFault.Filter($"{compare.Path} can only be compared with null by eq and ne.");
        return leaf.Type switch
        {
            ScimType.Boolean when compare.Operator is not (ScimOperator.Eq or ScimOperator.Ne) =>
                ScimFault.Filter($"{compare.Path} is true or false. Compare it by eq or ne."),
            ScimType.Boolean => FilterMatching.Truth(compare.Value) is null ? ScimFault.Filter($"{compare.Path} is true or false.") : null,
            ScimType.DateTime when compare.Operator is ScimOperator.Co or ScimOperator.Sw or ScimOperator.Ew =>
                ScimFault.Filter($"{compare.Path} is a time and cannot be searched in parts."),
            ScimType.DateTime => FilterMatching.Time(compare.Value) is null
                ? ScimFault.Filter($"{compare.Path} must be compared with a time such as \"2026-01-31T00:00:00Z\".")
                : null,
            ScimType.Binary when compare.Operator is not (ScimOperator.Eq or ScimOperator.Ne) =>
                ScimFault.Filter($"{compare.Path} can only be compared by eq and ne."),
            _ => compare.Value is string
                ? null
                : ScimFault.Filter(
                    string.Create(CultureInfo.InvariantCulture, $"{compare.Path} is text. Compare it with a quoted text.")),
        };
    }
}
