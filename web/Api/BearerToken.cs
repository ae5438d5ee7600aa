namespace DirectoryPlatform.Web.Api;

static class BearerToken
{
    const string Scheme = "Bearer ";

    /// <summary>Ours have 53 characters; anything much longer is not one.</summary>
    const int Longest = 100;

    /// <returns>Null when the header is not there once, or not of this scheme (RFC 6750, 2.1).</returns>
    public static string? Of(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && header.Length <= Scheme.Length + Longest ? header[Scheme.Length..].Trim() : null;
}
