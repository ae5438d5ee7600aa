using System.Net;
using System.Security.Authentication;

namespace DirectoryPlatform.Domains.Internal.Https;

/// <summary>Fetches the verification page of a domain; in the demo another one stands in front.</summary>
interface IPageLookup
{
    /// <summary>Whatever the other side does is an answer, never an exception.</summary>
    Task<PageAnswer> Fetch(DomainName domain, CancellationToken ct);
}

/// <summary>Fetches it under the limits of SPEC D6: one look-up of the host, one handler that dials nothing
/// but the addresses found then, and at most four requests.</summary>
sealed class PageLookup(HttpsSettings settings, HostAddresses addresses) : IPageLookup
{
    const string Page = "/directory-domain-verification.html"; // SPEC D4
    const int MostRedirects = 3;

    public Uri UrlOf(DomainName domain) => new UriBuilder(Uri.UriSchemeHttps, domain.Value, settings.Port, Page).Uri;

    public async Task<PageAnswer> Fetch(DomainName domain, CancellationToken ct)
    {
        var url = UrlOf(domain);
        var saw = new List<string>();
        PageAnswer Is(PageOutcome outcome, string detail, byte[]? body = null) => new(outcome, url, body ?? [], detail, saw);
        var connected = false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(settings.TotalTimeout);
        try
        {
            var found = await addresses.Of(domain.Value, limit.Token);
            saw.AddRange(found.Select(address =>
                $"{domain} has the address {address}{(PublicAddress.IsPublic(address) ? "" : ", which is not public")}"));
            var open = PageDial.Open(settings, found);
            if (found.Count == 0)
                return Is(PageOutcome.NameDoesNotExist, "no address");
            if (open.Count == 0)
                return Is(PageOutcome.PrivateAddress, string.Join(", ", found.Take(PageDial.MostAddresses)));
            using var dial = new PageDial(settings, open);
            using var client = new HttpClient(dial.Handler()) { Timeout = Timeout.InfiniteTimeSpan };
            for (var redirects = 0; ; redirects++)
            {
                using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                connected = true;
                saw.Add($"{url} answered {(int)response.StatusCode} {response.ReasonPhrase}");
                if (IsRedirect(response.StatusCode))
                {
                    if (response.Headers.Location is not { } location)
                        return Is(PageOutcome.HttpStatus, $"{(int)response.StatusCode} without saying where to");
                    var next = new Uri(url, location);
                    saw.Add($"redirected to {next}");
                    if (!SameHost(url, next))
                        return Is(PageOutcome.RedirectedAway, next.ToString());
                    if (redirects == MostRedirects)
                        return Is(PageOutcome.TooManyRedirects, $"more than {MostRedirects} redirects");
                    url = next;
                    continue;
                }
                if (response.StatusCode != HttpStatusCode.OK)
                    return Is(CannotSay(response.StatusCode) ? PageOutcome.ServerFailed : PageOutcome.HttpStatus,
                        $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd());
                return await Body(response, settings.LongestBody, limit.Token) is { } body
                    ? Is(PageOutcome.Read, "", body)
                    : Is(PageOutcome.TooLarge, $"more than {settings.LongestBody / 1024} KiB");
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Either the whole ran out, or the handler's own connect limit fired.
            return limit.IsCancellationRequested && connected
                ? Is(PageOutcome.TooSlow, $"{settings.TotalTimeout.TotalSeconds:0.###} s")
                : Is(PageOutcome.Timeout,
                    $"{(limit.IsCancellationRequested ? settings.TotalTimeout : settings.ConnectTimeout).TotalSeconds:0.###} s");
        }
        catch (HttpRequestException error) when (error.InnerException is AuthenticationException reason)
        {
            return Is(PageOutcome.BadCertificate, reason.Message);
        }
        catch (HttpRequestException error)
        {
            return Is(error.HttpRequestError == HttpRequestError.ConnectionError ? PageOutcome.CannotConnect : PageOutcome.Broken,
                error.InnerException?.Message ?? error.Message);
        }
        catch (Exception error) when (error is IOException or UriFormatException)
        {
            return Is(PageOutcome.Broken, error.Message);
        }
    }

    static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    /// <summary>The server is broken, overloaded or asked too often (RFC 9110, 15.6; RFC 6585, 4): whether the page is there it has not
    /// said.</summary>
    static bool CannotSay(HttpStatusCode status) => (int)status is 429 or >= 500;

    static bool SameHost(Uri from, Uri to) =>
        to.Scheme == Uri.UriSchemeHttps && to.Port == from.Port && to.UserInfo.Length == 0
            && string.Equals(to.IdnHost, from.IdnHost, StringComparison.OrdinalIgnoreCase);

    internal static async Task<byte[]?> Body(HttpResponseMessage response, int most, CancellationToken ct)
    {
        if (response.Content.Headers.ContentLength > most)
            return null;
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var body = new byte[most + 1];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        return length > most ? null : body[..length];
    }
}

/// <summary>What came of it.</summary>
/// <param name="Outcome">The page, or the first thing that stood in its way.</param>
/// <param name="Url">The address last asked.</param>
/// <param name="Body">The page's bytes when <see cref="PageOutcome.Read"/>, at most 64 KiB; otherwise empty.</param>
/// <param name="Detail">What was met, in words that continue a sentence: an address, a status, a place redirected to.</param>
/// <param name="Saw">Each step on the way: addresses, statuses, redirects.</param>
sealed record PageAnswer(PageOutcome Outcome, Uri Url, byte[] Body, string Detail, IReadOnlyList<string> Saw);

enum PageOutcome
{
    Read, NameDoesNotExist, PrivateAddress, CannotConnect, BadCertificate, Timeout, TooSlow, TooLarge, RedirectedAway,
    TooManyRedirects, HttpStatus, ServerFailed, Broken
}
