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
}

/// <param name="Status">Of HTTP; null when there was no answer.</param>
/// <param name="Failure">One sentence; null for a status of 200 to 299.</param>
public sealed record OutsideAnswer(int? Status, string? Failure, TimeSpan Took);
