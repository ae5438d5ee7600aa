namespace DirectoryPlatform.Provisioning.Internal.Protocol;

enum ScimOperator { Eq, Ne, Co, Sw, Ew, Gt, Ge, Lt, Le }

/// <summary>A filter of RFC 7644, 3.4.2.2, read once and then either asked of a resource or put to the database.</summary>
abstract record ScimFilter
{
    public sealed record And(ScimFilter Left, ScimFilter Right) : ScimFilter;
    public sealed record Or(ScimFilter Left, ScimFilter Right) : ScimFilter;
    public sealed record Not(ScimFilter Inner) : ScimFilter;
    public sealed record Present(string Path) : ScimFilter;

    /// <param name="Value">A string, a boolean, a number as decimal, or null.</param>
    public sealed record Compare(string Path, ScimOperator Operator, object? Value) : ScimFilter;

    /// <summary>One value of the attribute fits the whole inner filter, whose names are those of its sub-attributes.</summary>
    public sealed record Within(string Path, ScimFilter Inner) : ScimFilter;

    /// <summary>What is so, or not so, of every resource of a kind.</summary>
    public sealed record Always(bool Fits) : ScimFilter;

    /// <summary>Refused with a fault of type invalidFilter, which says where the reading ended.</summary>
    public static Outcome<ScimFilter> Parse(string text) => FilterParser.Parse(text);

    /// <param name="resource">Normalized, as <see cref="ScimResource.Read"/> gives it, or whole, as <see cref="ScimShape.Of"/> does: id and
    /// meta can be asked for when they are there.</param>
    public bool Matches(JsonObject resource, ScimResource kind) => FilterMatching.Matches(this, resource, kind.Find);

    /// <summary>Asks one value of a multi-valued attribute.</summary>
    public bool MatchesValue(JsonObject value, ScimAttribute of) =>
        FilterMatching.Matches(this, value, name => FilterMatching.SubOf(of, name));

    /// <summary>Whether the filter names attributes that there are, and compares them as their type allows; null when it does.</summary>
    public ScimFault? Check(ScimResource kind) => FilterChecking.Check(this, kind.Find);

    public ScimFault? CheckWithin(ScimAttribute of) => FilterChecking.Check(this, name => FilterMatching.SubOf(of, name));

    /// <summary>
    /// The same as a condition: over <c>directory.provisioned_user</c> under the alias <c>u</c>, or <c>directory.provisioned_group</c>
    /// under the alias <c>g</c>. Attributes that no index knows are refused with invalidFilter, which names them and those that can be
    /// asked. The condition does not name the directory: the caller adds <c>u.directory_id = @directory</c>. Expressions that indexes
    /// should have: <c>u.user_name</c>, <c>u.external_id</c>, <c>lower(u.resource->>'displayName')</c>,
    /// <c>lower(u.resource->'name'->>'familyName')</c>, <c>lower(u.resource->'name'->>'givenName')</c>,
    /// <c>u.created_at</c>, <c>u.changed_at</c>, all with <c>collate "C"</c> where they are text, and all addresses in lower case,
    /// <c>directory.scim_emails(u.resource)</c>: that function and its index come with migration 005.
    /// </summary>
    public Outcome<string> Sql(ScimResource kind, DynamicParameters values) => FilterSql.Write(this, kind, values);

    /// <summary>What the filter demands by equality of every value that fits it: <c>type eq "work" and primary eq true</c>. Null when it
    /// demands more than that.</summary>
    public IReadOnlyList<Compare>? Equalities() => this switch
    {
        Compare { Operator: ScimOperator.Eq, Value: not null } one => [one],
        And both when both.Left.Equalities() is { } left && both.Right.Equalities() is { } right => [.. left, .. right],
        _ => null,
    };
}
