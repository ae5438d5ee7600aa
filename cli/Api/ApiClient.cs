using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace DirectoryPlatform.Cli.Api;

/// <summary>What the server answered that is not 2xx.</summary>
/// <param name="Code">Stable, for machines.</param>
/// <param name="Sentence">For people.</param>
sealed record ApiRefusal(HttpStatusCode Status, string Code, string Sentence)
{
    public int ExitCode => Status switch
    {
        HttpStatusCode.Unauthorized => Exit.NotSignedIn,
        HttpStatusCode.NotFound => Exit.NotFound,
        HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => Exit.Unavailable,
        _ => Exit.Refused,
    };

    public CommandFailedException Failed() => new(ExitCode, Status is HttpStatusCode.Unauthorized
        ? "The key was not accepted: it has expired or was revoked. Sign in again." : Sentence);

    /// <summary>The three shapes that the families of routes have.</summary>
    public static ApiRefusal Read(HttpStatusCode status, JsonElement? body)
    {
        var (code, sentence) = body switch
        {
            { ValueKind: JsonValueKind.Object } b when b.TryGetProperty("errors", out var all) && all.ValueKind is JsonValueKind.Array
                && all.GetArrayLength() > 0 => (Text(all[0], "code"), Text(all[0], "detail")),
            { ValueKind: JsonValueKind.Object } b => (Text(b, "code") ?? Text(b, "key"), Text(b, "message")),
            _ => (null, null),
        };
        return new(status, code ?? $"{(int)status}", sentence ?? $"The server answered {(int)status}, and did not say why.");
    }

    static string? Text(JsonElement of, string member) =>
        of.ValueKind is JsonValueKind.Object && of.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString() : null;
}

/// <summary>An answer, or why there is none.</summary>
/// <param name="Body">Null for an empty one.</param>
/// <param name="Lost">Whether a try had no answer and may have been carried out all the same.</param>
readonly record struct ApiReply(JsonElement? Body, ApiRefusal? Refusal, bool Lost = false)
{
    /// <exception cref="CommandFailedException"/>
    public JsonElement OrFail() => Refusal is { } refusal ? throw refusal.Failed() : Body ?? default;
}

/// <summary>
/// Asks the API. Follows no redirect, so that the key goes to nobody else; waits where it is told to, and tries again what did not arrive:
/// a POST carries an Idempotency-Key, so that it is carried out once, and what a DELETE does not find after a lost answer it has removed.
/// </summary>
sealed class ApiClient(Uri address, string? key) : IDisposable
{
    /// <summary>Own choices: longer waits are for whoever runs the command to decide.</summary>
    const int MostTries = 5, MostLooks = 60, MostOnPage = 1_000, LongestPiece = 64 * 1024;

    static readonly TimeSpan MostWait = TimeSpan.FromSeconds(30), Patience = TimeSpan.FromSeconds(100);

    /// <summary>The code of having had no answer.</summary>
    public const string Unreachable = "unreachable";

    readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    });

    public Uri Address => address;

    public Task<ApiReply> Get(string path, CancellationToken ct) => Ask(HttpMethod.Get, path, null, ct);

    public Task<ApiReply> Post(string path, object? body, CancellationToken ct) => Ask(HttpMethod.Post, path, body, ct);

    public async Task<ApiReply> Ask(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        var once = method == HttpMethod.Post && key is not null ? Guid.CreateVersion7().ToString() : null;
        var (tries, looks, lost) = (0, 0, false);
        while (true)
        {
            var (reply, wait) = await Try(method, path, body, once, ct);
            if (lost && method == HttpMethod.Delete && reply.Refusal is { Status: HttpStatusCode.NotFound }) return new(null, null, lost);
            lost |= reply.Lost;
            // The try before is still being carried out, as its Idempotency-Key shows.
            var again = reply.Refusal is { Status: HttpStatusCode.Conflict } ? ++looks < MostLooks : ++tries < MostTries;
            if (wait is not { } pause || !again || pause > MostWait) return reply with { Lost = lost };
            await Task.Delay(pause, ct);
        }
    }

    async Task<(ApiReply Reply, TimeSpan? Wait)> Try(HttpMethod method, string path, object? body, string? once, CancellationToken ct)
    {
        using var request = Request(method, path);
        if (body is not null) request.Content = JsonContent.Create(body, options: JsonSerializerOptions.Web);
        if (once is not null) request.Headers.Add("Idempotency-Key", once);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(Patience);
        try
        {
            using var answer = await _http.SendAsync(request, late.Token);
            var text = await answer.Content.ReadAsStringAsync(late.Token);
            var read = Parse(text);
            if (answer.IsSuccessStatusCode) return (new(read, null), null);
            if ((int)answer.StatusCode is >= 300 and < 400)
                throw new CommandFailedException(Exit.Usage,
                    $"{address} answers with a redirect. Sign in to the address that people use, as the installation's PublicUrl says.");
            var later = answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
                || (answer.StatusCode is HttpStatusCode.Conflict && answer.Headers.RetryAfter is not null);
            return (new(null, ApiRefusal.Read(answer.StatusCode, read)), later ? answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1)
                : null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (Silent("does not answer") with { Lost = true }, TimeSpan.Zero);
        }
        catch (HttpRequestException failed)
        {
            var sent = failed.HttpRequestError is not (HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
            return (Silent($"cannot be reached: {failed.Message}") with { Lost = sent }, TimeSpan.FromSeconds(1));
        }
    }

    ApiReply Silent(string how) => new(null, new(HttpStatusCode.ServiceUnavailable, Unreachable, $"{address} {how}"));

    static JsonElement? Parse(string text)
    {
        if (text.Length == 0) return null;
        try { return JsonSerializer.Deserialize<JsonElement>(text); }
        catch (JsonException) { return null; } // of a proxy, perhaps
    }

    HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(address, path));
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.UserAgent.Add(new("directory", ThisProgram.Version.Split('+')[0]));
        return request;
    }

    /// <summary>The rows of a list, page by page.</summary>
    /// <param name="most">How many at most; null for all.</param>
    /// <exception cref="CommandFailedException"/>
    public async IAsyncEnumerable<JsonElement> Rows(string path, int? most, [EnumeratorCancellation] CancellationToken ct)
    {
        var (left, cursor) = (most ?? int.MaxValue, (string?)null);
        while (left > 0)
        {
            var at = Paths.With(path, ("limit", $"{Math.Min(left, MostOnPage)}"), ("cursor", cursor));
            var page = (await Get(at, ct)).OrFail();
            foreach (var row in page.GetProperty("data").EnumerateArray())
            {
                yield return row;
                if (--left == 0) yield break;
            }
            cursor = NextOf(page);
            if (cursor is null) yield break;
        }
    }

    /// <summary>The rows of a list that comes at once.</summary>
    /// <exception cref="CommandFailedException"/>
    public async IAsyncEnumerable<JsonElement> AllRows(string path, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var row in (await Get(path, ct)).OrFail().GetProperty("data").EnumerateArray()) yield return row;
    }

    /// <summary>Version 1 gives the address of the next page, version 2 its cursor.</summary>
    public static string? NextOf(JsonElement page)
    {
        if (!page.TryGetProperty("links", out var links) || !links.TryGetProperty("next", out var next)
            || next.ValueKind is not JsonValueKind.String) return null;
        var text = next.GetString()!;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme.StartsWith("http", StringComparison.Ordinal)
            ? Paths.Query(url, "cursor") : text;
    }

    /// <summary>A file of the server, as it comes.</summary>
    /// <param name="output">What goes wrong with it is not the server's, and thrown as it is.</param>
    /// <exception cref="CommandFailedException"/>
    public async Task CopyTo(string path, Stream output, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, path);
        using var answer = await Heard(() => _http.SendAsync(request, ct));
        if (!answer.IsSuccessStatusCode)
            throw ApiRefusal.Read(answer.StatusCode, Parse(await Heard(() => answer.Content.ReadAsStringAsync(ct)))).Failed();
        await using var file = await Heard(() => answer.Content.ReadAsStreamAsync(ct));
        var piece = new byte[LongestPiece];
        for (int read; (read = await Heard(() => file.ReadAsync(piece, ct).AsTask())) > 0;)
            await output.WriteAsync(piece.AsMemory(0, read), ct);
    }

    /// <exception cref="CommandFailedException">The server, or the way to it, is gone.</exception>
    async Task<T> Heard<T>(Func<Task<T>> ask)
    {
        try { return await ask(); }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw Silent($"cannot be reached: {broken.Message}").Refusal!.Failed();
        }
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>Addresses below the server, with everything in them escaped.</summary>
static class Paths
{
    public static string With(string path, params (string Name, string? Value)[] query) => path + string.Concat(
        query.Where(q => q.Value is not null).Select((q, i) =>
            $"{(i == 0 && !path.Contains('?') ? '?' : '&')}{q.Name}={Uri.EscapeDataString(q.Value!)}"));

    public static string? Query(Uri url, string name) => url.Query.TrimStart('?').Split('&')
        .Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2 && pair[0] == name)
        .Select(pair => Uri.UnescapeDataString(pair[1].Replace('+', ' '))).FirstOrDefault();
}
