namespace DirectoryPlatform.Security.Internal.SingleSignOn;

/// <summary>From public addresses alone: an administrator types where to.</summary>
sealed class FetchProviderMetadataHandler(IOutsideHttp http) : IRequestHandler<FetchProviderMetadata, Outcome<string>>
{
    public async Task<Outcome<string>> Handle(FetchProviderMetadata query, CancellationToken ct)
    {
        if (http.Understand(query.Url, out var whyNot) is not { } url) return new InvalidValue("url", whyNot!);
        var answer = await http.Get(url, FetchProviderMetadata.MostBytes, ct);
        return answer.Body is { Length: > 0 } body ? System.Text.Encoding.UTF8.GetString(body)
            : new InvalidValue("url", $"The metadata could not be read. {answer.Failure ?? "It is empty."}");
    }
}
