using System.Net;
using System.Text;
using System.Text.Json;

namespace DirectoryPlatform.Tests.Support;

/// <summary>A program that asks the API over HTTP with a key; every answer is held against the OpenAPI document.</summary>
sealed class ApiCaller(HttpClient client, string? key) : IDisposable
{
    public HttpClient Client => client;

    /// <summary>What came last, with its headers.</summary>
    public HttpResponseMessage Last { get; private set; } = null!;

    /// <returns>The body, where it is JSON.</returns>
    /// <param name="body">An object, JSON as text, or content of any type; null for none.</param>
    public async Task<(HttpStatusCode Status, JsonElement Body)> Ask(string method, string path, object? body = null,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}").ShouldBeTrue();
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        if (body is not null)
            request.Content = body as HttpContent
                ?? new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        Last = await client.SendAsync(request);
        ((int)Last.StatusCode is < 500 or 501).ShouldBeTrue($"{method} {path}: {Last.StatusCode}");
        var said = await Last.Content.ReadAsStringAsync();
        var answer = said.Length == 0 || Last.Content.Headers.ContentType?.MediaType != "application/json"
            ? default
            : JsonDocument.Parse(said).RootElement.Clone();
        ApiContract.Hold(method, path, (int)Last.StatusCode, Last.Content.Headers.ContentType, answer);
        return (Last.StatusCode, answer);
    }

    /// <summary>The answer's body, whose status must be this.</summary>
    public async Task<JsonElement> Expect(HttpStatusCode status, string method, string path, object? body = null,
        params (string Name, string Value)[] headers)
    {
        var (answered, said) = await Ask(method, path, body, headers);
        answered.ShouldBe(status, $"{method} {path}: {said}");
        return said;
    }

    public void Dispose() => client.Dispose();
}
