namespace DirectoryPlatform.Provisioning.Internal.Protocol;

/// <summary>An answer with many resources (RFC 7644, 3.4.2).</summary>
static class ScimList
{
    public const string Schema = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    public static JsonObject Of(long total, ScimPaging paging, IReadOnlyList<JsonObject> resources) => new()
    {
        ["schemas"] = new JsonArray(Schema),
        ["totalResults"] = total,
        ["startIndex"] = paging.StartIndex,
        ["itemsPerPage"] = resources.Count,
        ["Resources"] = new JsonArray([.. resources]),
    };
}

/// <summary>Which part of a list is asked for (RFC 7644, 3.4.2.4).</summary>
/// <param name="StartIndex">From 1 on; what is lower counts as 1.</param>
/// <param name="Count">From 0, which asks for the total alone, to <see cref="Most"/>; what is lower counts as 0.</param>
readonly record struct ScimPaging(long StartIndex, int Count)
{
    /// <summary>Advertised as <c>filter.maxResults</c>; as the lists of SPEC M1.</summary>
    public const int Most = 1_000;

    /// <summary>When nothing is asked for (own choice).</summary>
    public const int Usual = 100;

    public long Offset => StartIndex - 1;

    /// <summary>What is no number is refused with invalidValue.</summary>
    public static Outcome<ScimPaging> Read(string? startIndex, string? count)
    {
        if (Number(startIndex, 1) is not { } start) return ScimFault.Value("startIndex is not a number.");
        if (Number(count, Usual) is not { } most) return ScimFault.Value("count is not a number.");
        return new ScimPaging(Math.Max(1, start), (int)Math.Clamp(most, 0, Most));
    }

    static long? Number(string? given, long otherwise) => string.IsNullOrEmpty(given) ? otherwise
        : long.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>A search as a provider asks it, read.</summary>
/// <param name="Where">A condition on the rows, whose values stand in <paramref name="Values"/>.</param>
sealed record ScimSearch(ScimProjection Wanted, ScimPaging Paging, string Where, DynamicParameters Values)
{
    /// <param name="others">The kinds that are asked in the same search; none for a search of one.</param>
    public static Outcome<ScimSearch> Read(ScimQuery query, ScimResource resource, params IReadOnlyList<ScimResource> others)
    {
        var wanted = ScimProjection.Read(query.Wanted, resource);
        if (!wanted.Granted) return wanted.Refusal;
        var paging = ScimPaging.Read(query.StartIndex, query.Count);
        if (!paging.Granted) return paging.Refusal;
        var values = new DynamicParameters();
        if (string.IsNullOrWhiteSpace(query.Filter)) return new ScimSearch(wanted.Value, paging.Value, "true", values);
        var filter = ScimFilter.Parse(query.Filter);
        return filter.Granted
            ? FilterOfAll.For(filter.Value, resource, others).Sql(resource, values)
                .Map(where => new ScimSearch(wanted.Value, paging.Value, where, values))
            : filter.Refusal;
    }
}
