using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Tests.Web;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Support;

/// <summary>A provider's program.</summary>
sealed class ScimCaller(HttpClient client, IdentityDirectoryId directory, string? token, TestClock clock) : IDisposable
{
    public IdentityDirectoryId Directory => directory;
    public string? Token => token;
    public HttpResponseMessage Last { get; private set; } = null!;

    public async Task<(HttpStatusCode Status, JsonElement Body)> Ask(string method, string path, object? body = null,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/scim/directory/{directory}{path}");
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}").ShouldBeTrue();
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        if (body is not null)
            request.Content = new StringContent(body as string ?? (body as JsonNode)?.ToJsonString() ?? JsonSerializer.Serialize(body),
                Encoding.UTF8, "application/scim+json");
        // A bucket is emptied sooner than a test is over.
        clock.Pass(TimeSpan.FromMilliseconds(50));
        var last = Last = await client.SendAsync(request);
        if (last.StatusCode is not HttpStatusCode.NotImplemented) ((int)last.StatusCode).ShouldBeLessThan(500, $"{method} {path}");
        var said = await last.Content.ReadAsStringAsync();
        if (said.Length == 0) return (last.StatusCode, default);
        last.Content.Headers.ContentType?.MediaType.ShouldBe("application/scim+json", $"{method} {path}: {said}");
        var answer = JsonDocument.Parse(said).RootElement.Clone();
        if ((int)last.StatusCode >= 400) answer.GetProperty("status").GetString().ShouldBe($"{(int)last.StatusCode}");
        return (last.StatusCode, answer);
    }

    public async Task<JsonElement> Expect(HttpStatusCode status, string method, string path, object? body = null,
        params (string Name, string Value)[] headers)
    {
        var (answered, said) = await Ask(method, path, body, headers);
        answered.ShouldBe(status, $"{method} {path}: {said}");
        return said;
    }

    public async Task<Guid> Create(object person) => (await Expect(HttpStatusCode.Created, "POST", "/Users", person)).GetProperty("id")
        .GetGuid();

    public Task<JsonElement> Patch(Guid id, params object[] operations) =>
        Expect(HttpStatusCode.OK, "PATCH", $"/Users/{id}",
            new { schemas = (string[])["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations = operations });

    public async Task<IReadOnlyList<Guid>> Find(string filter) =>
        [.. (await Expect(HttpStatusCode.OK, "GET", $"/Users?filter={Uri.EscapeDataString(filter)}")).GetProperty("Resources")
            .EnumerateArray().Select(r => r.GetProperty("id").GetGuid())];

    public void Dispose() => client.Dispose();
}
