using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace DirectoryPlatform.Domains.Internal.Https;

sealed class OutsideHttp(HttpsSettings settings, HostAddresses addresses) : IOutsideHttp
{
    /// <summary>RFC 9110 names no limit; 2,000 is what clients commonly bear.</summary>
    const int LongestUrl = 2_000;

    /// <summary>Of a name in the DNS (RFC 1035, 2.3.4), as text without the last point.</summary>
    const int LongestHost = 253;

    public Uri? Understand(string? text, out string? whyNot)
    {
        whyNot = text?.Trim() switch
        {
            null or "" => "Enter a URL that begins with https://.",
            { Length: > LongestUrl } => $"A URL has at most {LongestUrl} characters.",
            var given when !Uri.TryCreate(given, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http")
                || url.Host.Length == 0 => "Enter a URL that begins with https://.",
            var given when !HasName(new Uri(given)) => "The URL has no valid host name.",
            var given when new Uri(given).UserInfo.Length > 0 => "The URL cannot contain a user name or password.",
            var given when new Uri(given).Scheme != "https" && !settings.AllowPrivateAddresses =>
                "Only https:// URLs are supported, so that no one can read or change what is sent.",
            _ => null,
        };
        return whyNot is null ? new Uri(text!.Trim()) : null;
    }

    /// <summary>A label that cannot be written in ASCII has no such name at all.</summary>
    static bool HasName(Uri url)
    {
        try { return url.IdnHost.Length <= LongestHost; }
        catch (UriFormatException) { return false; }
    }

    public Task<OutsideAnswer> Post(Uri url, byte[] body, IReadOnlyDictionary<string, string> headers, CancellationToken ct) =>
        Ask(url, () =>
        {
            var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
            foreach (var (name, value) in headers) request.Headers.Add(name, value);
            return request;
        }, null, ct); // the answer's body says nothing to us and is not read

    public Task<OutsideAnswer> Get(Uri url, int most, CancellationToken ct) => Ask(url, () => new(HttpMethod.Get, url), most, ct);

    /// <param name="most">Null for a body that is not read.</param>
    async Task<OutsideAnswer> Ask(Uri url, Func<HttpRequestMessage> make, int? most, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        OutsideAnswer Is(int? status, string? failure, byte[]? body = null) => new(status, failure, watch.Elapsed, body);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(settings.TotalTimeout);
        try
        {
            var found = IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var literal)
                ? [literal]
                : await addresses.Of(url.IdnHost, limit.Token);
            var open = PageDial.Open(settings, found);
            if (found.Count == 0) return Is(null, $"The name {url.IdnHost} has no address.");
            if (open.Count == 0) return Is(null, $"{url.IdnHost} has no public address.");
            using var dial = new PageDial(settings, open);
            using var client = new HttpClient(dial.Handler()) { Timeout = Timeout.InfiniteTimeSpan };
            using var request = make();
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var status = (int)response.StatusCode;
            if (!response.IsSuccessStatusCode) return Is(status, $"It answered {status}.");
            if (most is not { } bytes) return Is(status, null);
            return await PageLookup.Body(response, bytes, limit.Token) is { } body
                ? Is(status, null, body)
                : Is(status, $"It sent more than {bytes / 1024} KB.");
        }
        catch (OperationCanceledException)
        when (!ct.IsCancellationRequested)
        {
            return Is(null, $"It did not answer within {settings.TotalTimeout.TotalSeconds:0.###} seconds.");
        }
        catch (HttpRequestException error)
        {
            return Is(null, error.HttpRequestError is HttpRequestError.SecureConnectionError
            ? "Its certificate is not trusted, or it does not support TLS."
            : "It cannot be reached.");
        }
        catch (IOException) { return Is(null, "The connection broke."); }
    }
}
