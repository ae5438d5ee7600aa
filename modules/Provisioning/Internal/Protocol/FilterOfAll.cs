namespace DirectoryPlatform.Provisioning.Internal.Protocol;

/// <summary>
/// A filter that is asked of all kinds of resources at once (RFC 7644, 3.4.2.1 and 3.4.3): what one kind has no attribute for is not there
/// in it. What no kind has is a mistake, as everywhere.
/// </summary>
static class FilterOfAll
{
    /// <returns>The filter as it is asked of one kind.</returns>
    public static ScimFilter For(ScimFilter filter, ScimResource kind, IReadOnlyList<ScimResource> kinds)
    {
        return Of(filter);

        ScimFilter Of(ScimFilter part) => part switch
        {
            ScimFilter.And both => new ScimFilter.And(Of(both.Left), Of(both.Right)),
            ScimFilter.Or either => new ScimFilter.Or(Of(either.Left), Of(either.Right)),
            ScimFilter.Not not => new ScimFilter.Not(Of(not.Inner)),
            ScimFilter.Present present when IsForeign(present.Path) => new ScimFilter.Always(false),
            ScimFilter.Within within when IsForeign(within.Path) => new ScimFilter.Always(false),
            // Nothing is equal to null alone, and different from all that is.
            ScimFilter.Compare compare when IsForeign(compare.Path) => new ScimFilter.Always(
                compare.Operator == (compare.Value is null ? ScimOperator.Eq : ScimOperator.Ne)),
            _ => part,
        };

        bool IsForeign(string path) => kind.Find(path) is null && kinds.Any(k => k.Find(path) is not null);
    }
}
