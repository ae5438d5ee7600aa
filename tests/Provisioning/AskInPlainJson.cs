using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Provisioning;
using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using Microsoft.AspNetCore.Routing;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>A client that sends no other Accept than <c>application/json</c>, and fails on every other content type, can do all of SCIM
/// (SPEC P7).</summary>
[Trait("Rule", "P7")]
public sealed class AskInPlainJson : OnScim
{
    readonly HashSet<string> _asked = [];

    /// <summary>As such a client asks: it reads a body only when it is JSON by its type.</summary>
    async Task<JsonElement> Ask(HttpStatusCode expected, string method, string path, object? body = null, string route = "",
        string type = "application/json", string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), $"/scim/directory/{Provider.Directory}{path}");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token ?? Provider.Token}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new StringContent(body as string ?? (body as JsonNode)?.ToJsonString() ?? JsonSerializer.Serialize(body),
                Encoding.UTF8, type);
        _asked.Add($"{method} {(route.Length > 0 ? route : path)}");
        using var client = Site.Somebody().Client;
        using var answer = await client.SendAsync(request);
        var said = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(expected, $"{method} {path}: {said}");
        if (said.Length == 0)
        {
            answer.StatusCode.ShouldBeOneOf(HttpStatusCode.NoContent, HttpStatusCode.NotModified);
            return default;
        }
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/json", $"{method} {path}");
        return JsonDocument.Parse(said).RootElement.Clone();
    }

    [Fact]
    public async Task Every_route_answers_in_it()
    {
        foreach (var path in (string[])["/ServiceProviderConfig", "/Schemas", "/ResourceTypes"])
            await Ask(HttpStatusCode.OK, "GET", path);
        await Ask(HttpStatusCode.OK, "GET", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", route: "/Schemas/{urn}");
        await Ask(HttpStatusCode.OK, "GET", "/ResourceTypes/Group", route: "/ResourceTypes/{urn}");
        foreach (var method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE"])
            await Ask(HttpStatusCode.NotImplemented, method, "/Me");
        var ann = (await Ask(HttpStatusCode.Created, "POST", "/Users", Person("ann"))).GetProperty("id").GetGuid();
        const string User = "/Users/{userId}", Group = "/Groups/{groupId}";
        await Ask(HttpStatusCode.OK, "GET", "/Users?filter=userName%20pr", route: "/Users");
        await Ask(HttpStatusCode.OK, "POST", "/Users/.search", new { filter = "userName pr" });
        await Ask(HttpStatusCode.OK, "POST", "/.search", new { count = 1 });
        await Ask(HttpStatusCode.OK, "GET", $"/Users/{ann}", route: User);
        await Ask(HttpStatusCode.NotModified, "GET", $"/Users/{ann}", route: User, headers: [("If-None-Match", "W/\"1\"")]);
        await Ask(HttpStatusCode.OK, "PUT", $"/Users/{ann}", Person("ann"), User);
        await Ask(HttpStatusCode.OK, "PATCH", $"/Users/{ann}", Replace("title", "Boss"), User);
        var sales = (await Ask(HttpStatusCode.Created, "POST", "/Groups", new { displayName = "Sales" })).GetProperty("id").GetGuid();
        await Ask(HttpStatusCode.OK, "GET", "/Groups");
        await Ask(HttpStatusCode.OK, "POST", "/Groups/.search", new { });
        await Ask(HttpStatusCode.OK, "GET", $"/Groups/{sales}", route: Group);
        await Ask(HttpStatusCode.OK, "PUT", $"/Groups/{sales}", new { displayName = "Sales" }, Group);
        await Ask(HttpStatusCode.OK, "PATCH", $"/Groups/{sales}", Replace("displayName", "All of sales"), Group);
        await Ask(HttpStatusCode.OK, "POST", "/Bulk",
            new { Operations = (object[])[new { method = "DELETE", path = $"/Users/{Guid.NewGuid()}" }] });
        // As some clients write UTF-8.
        await Ask(HttpStatusCode.OK, "PATCH", $"/Users/{ann}", $"\uFEFF{JsonSerializer.Serialize(Replace("title", "Head"))}", User);
        await Ask(HttpStatusCode.NoContent, "DELETE", $"/Groups/{sales}", route: Group);
        await Ask(HttpStatusCode.NoContent, "DELETE", $"/Users/{ann}", route: User);
        var all = Site.Routes.Where(r => r.Metadata.GetMetadata<RequiresAttribute>() is { Permission: Permission.Provision })
            .SelectMany(r => r.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                .Select(m => $"{m} {r.RoutePattern.RawText!["/scim/directory/{directoryId}".Length..]}"));
        all.Except(_asked).ShouldBeEmpty("each route is asked");
    }

    [Fact]
    public async Task Every_refusal_is_told_in_it()
    {
        await Ask(HttpStatusCode.Unauthorized, "GET", "/Users", token: "nonsense");
        await Ask(HttpStatusCode.NotFound, "GET", $"/Users/{Guid.NewGuid()}");
        await Ask(HttpStatusCode.NotFound, "GET", "/Robots");
        await Ask(HttpStatusCode.MethodNotAllowed, "DELETE", "/Users");
        await Ask(HttpStatusCode.BadRequest, "GET", "/Users?filter=nonsense");
        await Ask(HttpStatusCode.BadRequest, "POST", "/Users", "{");
        await Ask(HttpStatusCode.Forbidden, "POST", "/Users", Person("eve", domain: "elsewhere.example"));
        await Ask(HttpStatusCode.Forbidden, "GET", "/Schemas?filter=id%20pr");
        await Ask(HttpStatusCode.UnsupportedMediaType, "POST", "/Users", Person("ann"), type: "text/plain");
        await Ask(HttpStatusCode.RequestEntityTooLarge, "POST", "/Users", $$"""{"x":"{{new string('x', 1_100_000)}}"}""");
        await Ask(HttpStatusCode.RequestEntityTooLarge, "POST", "/Bulk",
            new { Operations = Enumerable.Range(0, 1_001).Select(i => new { method = "DELETE", path = $"/Users/{i}" }) });
        var ann = (await Ask(HttpStatusCode.Created, "POST", "/Users", Person("ann"))).GetProperty("id").GetGuid();
        await Ask(HttpStatusCode.Conflict, "POST", "/Users", Person("ann"));
        await Ask(HttpStatusCode.PreconditionFailed, "PATCH", $"/Users/{ann}", Replace("title", "x"), headers: [("If-Match", "W/\"9\"")]);
    }

    [Theory]
    [InlineData("application/json;q=0.5, application/scim+json;q=0.4", "application/json")]
    [InlineData("application/scim+json;q=0.5, application/json;q=0.4", "application/scim+json")]
    [InlineData("application/json, */*;q=0.1", "application/json")]
    [InlineData("application/json, text/plain, */*", "application/scim+json")]
    [InlineData("application/json, application/scim+json;q=0", "application/json")]
    [InlineData("*/*, application/scim+json;q=0", "application/json")]
    [InlineData("text/html", "application/scim+json")]
    [InlineData("nonsense", "application/scim+json")]
    public async Task What_is_liked_better_is_sent(string accept, string type)
    {
        using var client = Site.Somebody().Client;
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
        {
            using var request = new HttpRequestMessage(method, $"/scim/directory/{Provider.Directory}/Users");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Provider.Token}");
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var answer = await client.SendAsync(request);
            (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType).ShouldBe((HttpStatusCode.OK, type), $"{method}");
        }
    }

    static object Replace(string path, string value) => new { Operations = (object[])[new { op = "replace", path, value }] };
}
