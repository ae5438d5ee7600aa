namespace DirectoryPlatform.Domains;

/// <summary>
/// Requests to addresses that administrators type. They reach public addresses only, whatever a name resolves to meanwhile, follow no
/// redirect and wait no longer than
/// <c>Domains:Https:TotalTimeoutSeconds</c> (SPEC D6); <c>Domains:Https:AllowPrivateAddresses</c>
/// opens the inner network and plain http, for labs.
/// </summary>
public interface IOutsideHttp
{
    /// <returns>Null when it cannot be sent to; <paramref name="whyNot"/> then says why, in words.</returns>
    Uri? Understand(string? text, out string? whyNot);

    /// <summary>Never throws for what the other side does.</summary>
    /// <param name="body">JSON.</param>
    Task<OutsideAnswer> Post(Uri url, byte[] body, IReadOnlyDictionary<string, string> headers, CancellationToken ct);

    /// <summary>Never throws for what the other side does.</summary>
    /// <param name="most">Bytes of body that are taken; a longer one is refused, not cut.</param>
    Task<OutsideAnswer> Get(Uri url, int most, CancellationToken ct);
}

/// <param name="Status">Of HTTP; null when there was no answer.</param>
/// <param name="Failure">One sentence; null for a status of 200 to 299.</param>
/// <param name="Body">Of what was asked for; null for what was sent, and without a status of 200 to 299.</param>
public sealed record OutsideAnswer(int? Status, string? Failure, TimeSpan Took, byte[]? Body = null);
