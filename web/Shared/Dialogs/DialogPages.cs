using Microsoft.AspNetCore.Routing.Patterns;

namespace DirectoryPlatform.Web.Dialogs;

/// <summary>Which addresses lead to a page that opens in a dialog: read from the routes, so that no link has to say it.</summary>
public sealed class DialogPages
{
    /// <summary>The segments of each, by their number; null for one that the address names.</summary>
    readonly Lazy<ILookup<int, string?[]>> _patterns;

    internal DialogPages(MappedRoutes routes) => _patterns = new(() => routes.Sources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<OpensInDialogAttribute>() is not null)
        .Select(e => e.RoutePattern.PathSegments.Select(Literal).ToArray()).ToLookup(p => p.Length));

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

    static bool Fits(string?[] pattern, ReadOnlySpan<char> path, ReadOnlySpan<Range> segments)
    {
        for (var i = 0; i < pattern.Length; i++)
            if (pattern[i] is { } word && !path[segments[i]].Equals(word, StringComparison.OrdinalIgnoreCase)) return false;
        return true;
    }

    static string? Literal(RoutePatternPathSegment segment) =>
        segment is { IsSimple: true, Parts: [RoutePatternLiteralPart literal] } ? literal.Content : null;
}
