namespace DirectoryPlatform.Provisioning.Internal.Protocol;

/// <summary>
/// A filter as a condition. SQL's third truth, unknown, is turned into false wherever a "not" could make a yes of it, and counts as false
/// at the end; so both ways of asking agree, and comparisons stay as plain as an index needs them.
/// </summary>
sealed class FilterSql(ScimResource kind, DynamicParameters values)
{
    /// <param name="Text">The expression; text in lower case unless the letter case counts.</param>
    sealed record Column(string Text, ScimAttribute Of);

    const string Enterprise = $"u.resource->'{ScimSchemas.EnterpriseUrn}'", Manager = $"{ScimSchemas.EnterpriseUrn}:manager.value";

    static readonly Dictionary<string, string> Users = new(StringComparer.Ordinal)
    {
        ["id"] = "u.account_id::text",
        ["userName"] = "u.user_name",
        ["externalId"] = "u.external_id",
        ["displayName"] = "lower(u.resource->>'displayName')",
        ["name.familyName"] = "lower(u.resource->'name'->>'familyName')",
        ["name.givenName"] = "lower(u.resource->'name'->>'givenName')",
        ["active"] = UserRows.IsActive,
        ["meta.created"] = "u.created_at",
        ["meta.lastModified"] = "u.changed_at",
        [$"{ScimSchemas.EnterpriseUrn}:employeeNumber"] = $"lower({Enterprise}->>'employeeNumber')",
        [$"{ScimSchemas.EnterpriseUrn}:costCenter"] = $"lower({Enterprise}->>'costCenter')",
        [$"{ScimSchemas.EnterpriseUrn}:organization"] = $"lower({Enterprise}->>'organization')",
        [$"{ScimSchemas.EnterpriseUrn}:division"] = $"lower({Enterprise}->>'division')",
        [$"{ScimSchemas.EnterpriseUrn}:department"] = $"lower({Enterprise}->>'department')",
        [Manager] = $"({Enterprise}->'manager'->>'value')",
    };

    static readonly Dictionary<string, string> Groups = new(StringComparer.Ordinal)
    {
        ["id"] = "g.group_id::text",
        ["displayName"] = "lower(g.display_name)",
        ["externalId"] = "g.external_id",
        ["meta.created"] = "g.created_at",
        ["meta.lastModified"] = "g.changed_at",
    };

    /// <summary>Attributes with many values: where they stand, and what of them can be asked.</summary>
    static readonly Dictionary<string, (string From, Dictionary<string, string> Parts)> UsersLists = new(StringComparer.Ordinal)
    {
        ["emails"] = ("jsonb_array_elements(u.resource->'emails') e",
            new()
            {
                ["value"] = "lower(e->>'value')",
                ["type"] = "lower(e->>'type')",
                ["display"] = "lower(e->>'display')",
                ["primary"] = "(e->>'primary')::boolean"
            }),
    }, GroupsLists = new(StringComparer.Ordinal)
    {
        ["members"] = ("sites.v_group_member m where m.group_id = g.group_id", new() { ["value"] = "m.account_id::text" }),
    };

    Dictionary<string, string> Columns => kind == ScimResource.User ? Users : Groups;
    Dictionary<string, (string From, Dictionary<string, string> Parts)> Lists => kind == ScimResource.User ? UsersLists : GroupsLists;

    public static Outcome<string> Write(ScimFilter filter, ScimResource kind, DynamicParameters values)
    {
        if (filter.Check(kind) is { } mistake) return mistake;
        var sql = new FilterSql(kind, values);
        var condition = sql.Write(filter);
        return condition.Granted ? $"({condition.Value})" : condition;
    }

    Outcome<string> Write(ScimFilter filter) => filter switch
    {
        ScimFilter.And both => Join(both.Left, "and", both.Right),
        ScimFilter.Or either => Join(either.Left, "or", either.Right),
        ScimFilter.Not not => Write(not.Inner).Map(inner => $"(({inner}) is not true)"),
        ScimFilter.Always always => always.Fits ? "true" : "false",
        ScimFilter.Present present => Present(kind.Find(present.Path)!),
        ScimFilter.Compare compare => Ask(compare, kind.Find(compare.Path)!),
        ScimFilter.Within within => Within(kind.Find(within.Path)!.Attribute!, within.Inner),
        _ => throw new InvalidOperationException($"A filter of another kind: {filter}"),
    };

    Outcome<string> Join(ScimFilter left, string word, ScimFilter right)
    {
        var (first, second) = (Write(left), Write(right));
        return !first.Granted ? first : !second.Granted ? second : $"({first.Value} {word} {second.Value})";
    }

    Outcome<string> Present(ScimTarget target)
    {
        if (target.Path == "meta.resourceType") return "true";
        if (Columns.TryGetValue(target.Path, out var column))
            return target.Leaf!.Type is ScimType.String ? $"({column} <> '')" : $"({column} is not null)";
        if (ListOf(target) is not { } list) return NotIndexed(target.Path);
        return $"exists (select from {Where(list.From)} {list.Column.Text} <> '')";
    }

    Outcome<string> Ask(ScimFilter.Compare compare, ScimTarget target)
    {
        if (target.Path == "meta.resourceType")
            return compare.Matches(new() { ["meta"] = new JsonObject { ["resourceType"] = kind.Name } }, kind) ? "true" : "false";
        if (Columns.TryGetValue(target.Path, out var column)) return OfColumn(compare, target, column);
        // What has parts is compared by its value.
        if (target.Leaf is { Type: ScimType.Complex } && Columns.TryGetValue($"{target.Path}.value", out var value))
            return OfColumn(compare, target with { Sub = target.Attribute!.Find("value") }, value);
        if (ListOf(target) is not { } list) return NotIndexed(target.Path);
        if (compare.Value is null)
            return $"({(compare.Operator is ScimOperator.Eq ? "not " : "")}exists (select from {Where(list.From)} {list.Column.Text} is "
                + "not null))";
        if (compare.Operator is ScimOperator.Eq && Quick(list.Column, compare.Value) is { } quick) return quick;
        var any = $"exists (select from {Where(list.From)} {Compare(compare, list.Column)})";
        return compare.Operator is ScimOperator.Ne
            ? $"({any} or not exists (select from {Where(list.From)} {list.Column.Text} is not null))"
            : any;
    }

    /// <summary>An equality of what stands in the extension is looked up in the one index over all of it first.</summary>
    string OfColumn(ScimFilter.Compare compare, ScimTarget target, string column)
    {
        var condition = Compare(compare, new(column, target.Leaf!));
        if (target.Extension is null || compare is not { Operator: ScimOperator.Eq, Value: string text }) return condition;
        var (key, given) = (Add($"{target.Attribute!.Name}="), Add(text));
        return $"(directory.scim_enterprise(u.resource) @> array[md5({key} || {(target.Leaf!.CaseExact ? given : $"lower({given})")})] "
            + $"and {condition})";
    }

    /// <summary>All of the inner filter holds of one value. Its address, where one is demanded, is looked up first.</summary>
    Outcome<string> Within(ScimAttribute attribute, ScimFilter inner)
    {
        if (!Lists.TryGetValue(attribute.Name, out var list)) return NotIndexed(attribute.Name);
        if (!Mentions(inner, "value")) return NotIndexed($"{attribute.Name} without its value");
        var condition = Part(inner, attribute, list.Parts);
        if (!condition.Granted) return condition;
        var quick = Demanded(inner) is { Value: string value } ? Quick(new(list.Parts["value"], attribute.Find("value")!), value) : null;
        return $"({(quick is null ? "" : $"{quick} and ")}exists (select from {Where(list.From)} {condition.Value}))";
    }

    Outcome<string> Part(ScimFilter filter, ScimAttribute attribute, Dictionary<string, string> parts)
    {
        switch (filter)
        {
            case ScimFilter.And or ScimFilter.Or:
                var (left, word, right) = filter is ScimFilter.And both
                    ? (both.Left, "and", both.Right)
                    : (((ScimFilter.Or)filter).Left, "or", ((ScimFilter.Or)filter).Right);
                var (first, second) = (Part(left, attribute, parts), Part(right, attribute, parts));
                return !first.Granted ? first : !second.Granted ? second : $"({first.Value} {word} {second.Value})";
            case ScimFilter.Not not:
                return Part(not.Inner, attribute, parts).Map(inner => $"(({inner}) is not true)");
            case ScimFilter.Present present when attribute.Find(present.Path) is { } sub && parts.TryGetValue(sub.Name, out var column):
                return sub.Type is ScimType.Boolean ? $"({column} is not null)" : $"({column} <> '')";
            case ScimFilter.Compare compare when attribute.Find(compare.Path) is { } sub && parts.TryGetValue(sub.Name, out var column):
                return Compare(compare, new(column, sub));
            default:
                return NotIndexed($"{attribute.Name}.{(filter as ScimFilter.Compare)?.Path ?? (filter as ScimFilter.Present)?.Path}");
        }
    }

    (string From, Column Column)? ListOf(ScimTarget target) =>
        target.Extension is null && target.Sub is null or { Name: "value" } && Lists.TryGetValue(target.Attribute!.Name, out var list)
            ? (list.From, new(list.Parts["value"], target.Attribute.Find("value")!))
            : null;

    static string Where(string from) => from.Contains(" where ", StringComparison.Ordinal) ? $"{from} and" : $"{from} where";

    static bool Mentions(ScimFilter filter, string name) => filter switch
    {
        ScimFilter.And both => Mentions(both.Left, name) || Mentions(both.Right, name),
        ScimFilter.Or either => Mentions(either.Left, name) && Mentions(either.Right, name),
        ScimFilter.Not not => Mentions(not.Inner, name),
        ScimFilter.Compare compare => compare.Path.Equals(name, StringComparison.OrdinalIgnoreCase),
        ScimFilter.Present present => present.Path.Equals(name, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    static ScimFilter.Compare? Demanded(ScimFilter inner) => inner switch
    {
        ScimFilter.And both => Demanded(both.Left) ?? Demanded(both.Right),
        ScimFilter.Compare { Operator: ScimOperator.Eq } compare when compare.Path.Equals("value", StringComparison.OrdinalIgnoreCase) =>
            compare,
        _ => null,
    };

    /// <summary>An equality that an index answers.</summary>
    string? Quick(Column column, object value) => column.Text switch
    {
        "lower(e->>'value')" => $"directory.scim_emails(u.resource) @> array[lower({Add((string)value)})]",
        "m.account_id::text" => Guid.TryParseExact((string)value, "D", out var id) && $"{id}" == (string)value
            ? $"exists (select from sites.v_group_member m where m.group_id = g.group_id and m.account_id = {Add(id)})" : "false",
        _ => null,
    };

    string Compare(ScimFilter.Compare compare, Column column)
    {
        if (compare.Value is null) return compare.Operator is ScimOperator.Eq ? $"({column.Text} is null)" : $"({column.Text} is not null)";
        if (column.Of.Type is ScimType.Boolean)
            return $"({column.Text} {(compare.Operator is ScimOperator.Eq ? "=" : "is distinct from")} "
                + $"{Add(FilterMatching.Truth(compare.Value)!.Value)})";
        if (column.Of.Type is ScimType.DateTime)
            return $"({column.Text} {Sign(compare.Operator)} {Add(FilterMatching.Time(compare.Value)!.Value.UtcDateTime)})";
        var text = (string)compare.Value;
        // The key itself, which has an index.
        if (column.Text.EndsWith("_id::text", StringComparison.Ordinal) && compare.Operator is ScimOperator.Eq)
            return Guid.TryParseExact(text, "D", out var id) && $"{id}" == text
                ? $"({column.Text[..^"::text".Length]} = {Add(id)})"
                : "false";
        return compare.Operator switch
        {
            ScimOperator.Co => Like($"%{Escape(text)}%"),
            ScimOperator.Sw => Like($"{Escape(text)}%"),
            ScimOperator.Ew => Like($"%{Escape(text)}"),
            var what => $"({column.Text} collate \"C\" {Sign(what)} {Same(text)})",
        };

        string Like(string pattern) => $"({column.Text} collate \"C\" like {Same(pattern)})";
        string Same(string given) => column.Of.CaseExact ? Add(given) : $"lower({Add(given)})";
    }

    static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal);

    static string Sign(ScimOperator what) => what switch
    {
        ScimOperator.Eq => "=",
        ScimOperator.Ne => "is distinct from",
        ScimOperator.Gt => ">",
        ScimOperator.Ge => ">=",
        ScimOperator.Lt => "<",
        ScimOperator.Le => "<=",
        _ => throw new InvalidOperationException($"{what} does not order"),
    };

    string Add(object value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"scim{values.ParameterNames.Count()}");
        values.Add(name, value);
        return $"@{name}";
    }

    ScimFault NotIndexed(string path) => ScimFault.Filter(
        $"{path} cannot be used in a filter here. These can: "
        + $"{string.Join(", ", Columns.Keys.Concat(Lists.Keys.Select(l => $"{l}.value")))}.");
}
