using System.Security.Cryptography;

namespace DirectoryPlatform.Web.Api;

/// <summary>
/// A POST with an Idempotency-Key is carried out once (SPEC P4): the same key and the same request within a day get the stored answer,
/// another request under the same key is refused, and one that is still being carried out says so. Runs behind the gate, so every
/// repetition is authorised anew. Only deeds are kept: what merely looks is asked again.
/// </summary>
sealed class IdempotencyFilter(RequestDelegate next)
{
    public const string Header = "Idempotency-Key", Replayed = "Idempotency-Replayed";

    /// <summary>As long as a UUID with much room (own choice).</summary>
    const int Longest = 255;

    public async Task InvokeAsync(HttpContext http, IMediator mediator)
    {
        if (!HttpMethods.IsPost(http.Request.Method) || http.Visitor()?.Key is not { } key
            || http.Request.Headers[Header] is not { Count: > 0 } given || Reads(http))
        {
            await next(http);
            return;
        }
        if (given is not [{ Length: > 0 and <= Longest } name] || !name.All(c => c is > ' ' and <= '~'))
        {
            await ApiAnswer.Refuse(http,
                new BadBody(StatusCodes.Status400BadRequest, $"Send one {Header} of at most {Longest} visible ASCII characters."));
            return;
        }
        var begun = await mediator.Send(new BeginOnce(key.Id, name, await Hash(http)), CancellationToken.None);
        if (!begun.Granted) await ApiAnswer.Refuse(http, begun.Refusal);
        else if (begun.Value.Before is { } before) await Replay(http, before);
        else await CarryOut(http, mediator, key.Id, name, begun.Value);
    }

    static bool Reads(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<RequiresAttribute>()?.Scope is not { } scope
        || scope.Name().EndsWith(":read", StringComparison.Ordinal);

    async Task CarryOut(HttpContext http, IMediator mediator, Guid key, string name, Begun begun)
    {
        var (wire, kept, done, gone) = (http.Response.Body, new MemoryStream(), false, http.RequestAborted);
        http.Response.Body = kept;
        // Whoever goes comes back for the answer: half of it, or none of it, would be kept as the whole.
        http.RequestAborted = CancellationToken.None;
        try
        {
            await next(http);
            done = true;
        }
        finally
        {
            (http.Response.Body, http.RequestAborted) = (wire, gone);
            // What broke may be tried again; so may what was refused for its pace.
            var answer = done && http.Response.StatusCode is < 500 and not StatusCodes.Status429TooManyRequests
                ? new KeptAnswer(http.Response.StatusCode, http.Response.ContentType,
                    Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length))
                : null;
            await mediator.Send(new EndOnce(key, name, begun, answer), CancellationToken.None);
        }
        kept.Position = 0;
        await kept.CopyToAsync(wire, http.RequestAborted);
    }

    static async Task Replay(HttpContext http, KeptAnswer before)
    {
        http.Response.StatusCode = before.Status;
        http.Response.Headers[Replayed] = "true";
        http.Response.Headers.CacheControl = "no-store";
        if (before.Body.Length == 0) return;
        http.Response.ContentType = before.ContentType;
        await http.Response.WriteAsync(before.Body, http.RequestAborted);
    }

    /// <summary>Of everything that makes the request what it is.</summary>
    static async Task<byte[]> Hash(HttpContext http)
    {
        http.Request.EnableBuffering();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{http.Request.Path}{http.Request.QueryString}\n{http.Request.ContentType}\n"));
        var buffer = new byte[16 * 1024];
        for (int read; (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0;) hash.AppendData(buffer, 0, read);
        http.Request.Body.Position = 0;
        return hash.GetHashAndReset();
    }
}
