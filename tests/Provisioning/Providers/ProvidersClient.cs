using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Provisioning;

namespace DirectoryPlatform.Tests.Provisioning.Providers;

/// <summary>How a provider's program asks: without an answer it asks the next node, and where it is told to wait, it waits.</summary>
sealed class ProvidersClient(IReadOnlyList<Uri> nodes, NewProvisioningToken made, Action answered) : IDisposable
{
    /// <summary>Longer than a dead node keeps anything from others.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90), OneAnswer = TimeSpan.FromSeconds(15);

    readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        Timeout = OneAnswer,
        DefaultRequestHeaders = { Authorization = new("Bearer", made.Token) },
    };

    int _node = Random.Shared.Next(nodes.Count);

    public async Task<(HttpStatusCode Status, JsonElement Body)> Ask(string method, string path, JsonNode? body = null)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            var pause = TimeSpan.FromMilliseconds(50);
            try
            {
                using var request = new HttpRequestMessage(new(method), new Uri(nodes[(int)((uint)_node % (uint)nodes.Count)],
                    $"/scim/directory/{made.Directory.Id}{path}"));
                if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/scim+json");
                using var answer = await _http.SendAsync(request);
                var said = await answer.Content.ReadAsStringAsync();
                if ((int)answer.StatusCode is not (429 or 502 or 503))
                {
                    answered();
                    ((int)answer.StatusCode).ShouldBeLessThan(500, $"{method} {path}: {said}");
                    return (answer.StatusCode, said.Length == 0 ? default : JsonDocument.Parse(said).RootElement.Clone());
                }
                pause = answer.Headers.RetryAfter?.Delta ?? pause;
            }
            catch (Exception cut) when (cut is HttpRequestException or TaskCanceledException or IOException) { _node++; }
            System.Diagnostics.Stopwatch.GetElapsedTime(began).ShouldBeLessThan(Patience, $"{method} {path} got no answer");
            await Task.Delay(pause);
        }
    }

    public async Task<JsonElement> Expect(string method, string path, JsonNode? body, params HttpStatusCode[] statuses)
    {
        var (status, said) = await Ask(method, path, body);
        status.ShouldBeOneOf(statuses, $"{method} {path} {body?.ToJsonString()}: {said}");
        return said;
    }

    /// <summary>The only one that fits, by its id; null for none.</summary>
    public async Task<Guid?> Find(string path)
    {
        var list = await Expect("GET", path, null, HttpStatusCode.OK);
        return list.GetProperty("Resources").EnumerateArray().Select(r => (Guid?)r.GetProperty("id").GetGuid()).SingleOrDefault();
    }

    /// <summary>Page by page.</summary>
    public async Task<IReadOnlyList<JsonElement>> All(string path, int count)
    {
        var all = new List<JsonElement>();
        while (true)
        {
            var page = await Expect("GET", $"{path}?startIndex={all.Count + 1}&count={count}", null, HttpStatusCode.OK);
            all.AddRange(page.GetProperty("Resources").EnumerateArray());
            if (all.Count >= page.GetProperty("totalResults").GetInt32()) return all;
        }
    }

    public void Dispose() => _http.Dispose();
}
