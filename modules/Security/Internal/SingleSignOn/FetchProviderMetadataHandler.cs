namespace DirectoryPlatform.Security.Internal.SingleSignOn;

/// <summary>From public addresses alone: an administrator types where to.</summary>
sealed class FetchProviderMetadataHandler(IOutsideHttp http) : IRequestHandler<FetchProviderMetadata, Outcome<string>>
{
    public async Task<Outcome<string>> Handle(FetchProviderMetadata query, CancellationToken ct)
    {
        if (http.Understand(query.Url, out var whyNot) is not { } url) return new InvalidValue("url", whyNot!);
        var answer = await http.Get(url, FetchProviderMetadata.MostBytes, ct);
        var text = answer.Body is { } body ? System.Text.Encoding.UTF8.GetString(body).TrimStart('\uFEFF') : "";
        return string.IsNullOrWhiteSpace(text)
            ? new InvalidValue("url", $"The metadata could not be read. {answer.Failure ?? "It is empty."}")
            : text;
    }
}
