using System.Security.Cryptography;
using DirectoryPlatform.Domains.Internal.Https;

namespace DirectoryPlatform.Domains.Internal.Proof;

/// <summary>The page <c>https://domain/directory-domain-verification.html</c> contains the token.</summary>
sealed class ProofByHttps(IPageLookup pages, TimeProvider clock)
{
    public async Task<Evidence> Look(DomainName domain, string token, CancellationToken ct)
    {
        var at = clock.GetUtcNow();
        var page = await pages.Fetch(domain, ct);
        var proved = page.Outcome == PageOutcome.Read && Contains(page.Body, Encoding.ASCII.GetBytes(token));
        var saw = page.Saw.Select(what => Seen.Line(page.Url.ToString(), what)).ToList();
        if (page.Outcome == PageOutcome.Read && !proved)
            saw.Add(Seen.Line(page.Url.ToString(),
                $"the page says: {Encoding.UTF8.GetString(page.Body.AsSpan(0, Math.Min(page.Body.Length, 1200)))}"));
        var (verdict, explanation) = Judge(page, domain, proved);
        return new Evidence(ProofMethod.Https, proved, verdict, Seen.Plain(explanation, 1000), Seen.Bounded(saw), at);
    }

    static (string Verdict, string Explanation) Judge(PageAnswer page, DomainName domain, bool proved) => page.Outcome switch
    {
        PageOutcome.Read when proved => (Verdicts.Proved, $"{page.Url} contains the token."),
        PageOutcome.Read =>
            (Verdicts.NotContained,
                $"{page.Url} was read ({page.Body.Length} bytes), but the token is not in it. "
                + "Add the current token to the page exactly as shown."),
        PageOutcome.NameDoesNotExist => (Verdicts.NameDoesNotExist, $"{domain} has no address in DNS, so no page can be read there."),
        PageOutcome.PrivateAddress =>
            (Verdicts.PrivateAddress,
                $"{domain} leads to {page.Detail}, which is not a public address. The page must be reachable from the internet."),
        PageOutcome.CannotConnect => (Verdicts.CannotConnect, $"Could not connect to {page.Url}: {page.Detail}."),
        PageOutcome.BadCertificate => (Verdicts.BadCertificate, $"{domain} did not show a valid certificate for its name: {page.Detail}"),
        PageOutcome.Timeout => (Verdicts.Timeout, $"{page.Url} did not answer within {page.Detail}."),
        PageOutcome.TooSlow => (Verdicts.TooSlow, $"{page.Url} answered, but was not finished after {page.Detail}."),
        PageOutcome.TooLarge => (Verdicts.TooLarge, $"{page.Url} is {page.Detail} long, too long for a page that contains only the token."),
        PageOutcome.RedirectedAway =>
            (Verdicts.RedirectedAway, $"{page.Url} redirects to {page.Detail}. The page must be served by {domain} itself over https."),
        PageOutcome.TooManyRedirects => (Verdicts.TooManyRedirects, $"{domain} answers with {page.Detail}."),
        PageOutcome.HttpStatus => (Verdicts.HttpStatus, $"{page.Url} answered {page.Detail} instead of 200."),
        PageOutcome.ServerFailed =>
            (Verdicts.ServerFailed,
                $"{page.Url} answered {page.Detail}, so the page could not be checked. The web server of {domain} may be overloaded or "
                + "broken. Check again."),
        PageOutcome.Broken => (Verdicts.BrokenAnswer, $"{page.Url} did not answer as a web server does: {page.Detail}"),
    };

    // At every place of the page the whole token is compared, so that the time tells nothing about it.
    static bool Contains(ReadOnlySpan<byte> body, ReadOnlySpan<byte> token)
    {
        var found = false;
        for (var at = 0; at + token.Length <= body.Length; at++)
            found |= CryptographicOperations.FixedTimeEquals(body.Slice(at, token.Length), token);
        return found;
    }
}
