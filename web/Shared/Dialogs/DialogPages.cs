using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;

namespace DirectoryPlatform.Web.Dialogs;

/// <summary>Which addresses lead to a page that opens in a dialog: read from the routes, so that no link has to say it.</summary>
public sealed class DialogPages
{
    /// <summary>What each segment may be, by their number.</summary>
    readonly Lazy<ILookup<int, Func<string, bool>[]>> _patterns;

    internal DialogPages(MappedRoutes routes) => _patterns = new(() => routes.Sources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<OpensInDialogAttribute>() is not null)
        .Select(e => e.RoutePattern.PathSegments.Select(Segment).ToArray()).ToLookup(p => p.Length));

    /// <param name="address">A path of this product, perhaps with a query.</param>
    public bool Has(string address)
    {
        if (address is not ['/', not '/', ..]) return false;
        var path = address.AsSpan(1, (address.IndexOfAny(['?', '#']) is var end and >= 0 ? end : address.Length) - 1);
        Span<Range> segments = stackalloc Range[16];
        var count = path.Split(segments, '/');
        foreach (var pattern in _patterns.Value[count])
            if (Fits(pattern, path, segments)) return true;
        return false;
    }

    static bool Fits(Func<string, bool>[] pattern, ReadOnlySpan<char> path, ReadOnlySpan<Range> segments)
    {
        for (var i = 0; i < pattern.Length; i++)
            if (!pattern[i](path[segments[i]].ToString())) return false;
        return true;
    }

    /// <summary>A parameter is what its constraints are: otherwise a change of people would be taken for a page of theirs.</summary>
    static Func<string, bool> Segment(RoutePatternPathSegment segment) => segment switch
    {
        { IsSimple: true, Parts: [RoutePatternLiteralPart literal] } =>
            word => word.Equals(literal.Content, StringComparison.OrdinalIgnoreCase),
        { IsSimple: true, Parts: [RoutePatternParameterPart parameter] } =>
            word => parameter.ParameterPolicies.All(policy => Holds(policy.Content, word)),
        _ => _ => true,
    };

    static bool Holds(string? constraint, string word) => constraint switch
    {
        "guid" => Guid.TryParse(word, out _),
        _ when constraint?.StartsWith("regex(", StringComparison.Ordinal) == true => new RegexRouteConstraint(constraint[6..^1])
            .Match(null, null, "word", new() { ["word"] = word }, RouteDirection.IncomingRequest),
        _ => true,
    };
}
