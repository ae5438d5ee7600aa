namespace DirectoryPlatform.Domains.Internal.Https;

/// <summary>Fetches the verification page of a domain under the limits of SPEC D6.
/// Whatever the other side does is an answer, never an exception.</summary>
interface IPageLookup
{
    Task<PageAnswer> Fetch(DomainName domain, CancellationToken ct);
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
    TooManyRedirects, HttpStatus, Broken
}
