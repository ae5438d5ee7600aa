using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Api;
using DirectoryPlatform.Web.Api.Document;
using DirectoryPlatform.Web.Permissions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The OpenAPI document says what there is (SPEC P3). That answers keep to it is held by every test that asks the API, see <see cref="ApiContract"/>.</summary>
[Trait("Rule", "P3")]
public sealed class KeepToTheDocument : OnApi
{
    async Task<JsonObject> Document()
    {
        using var nobody = Site.Somebody();
        using var answer = await nobody.Get(OpenApi.Path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
    }

    [Fact]
    public async Task Every_route_that_keys_open_is_described_and_nothing_else()
    {
        var routes = Site.Routes.Where(r => r.Metadata.GetMetadata<RequiresAttribute>() is { Scope: not null })
            .SelectMany(r => r.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} /{r.RoutePattern.RawText!.TrimStart('/').Replace(":guid", "", StringComparison.Ordinal)}")).Order().ToList();
        routes.Count.ShouldBeGreaterThan(50);
        Operations.All.Select(o => $"{o.Method} {o.Path}").Order().ShouldBe(routes);
        Operations.All.Select(o => o.Name).ShouldBeUnique();
        var document = await Document();
        document["paths"]!.AsObject().Sum(p => p.Value!.AsObject().Count).ShouldBe(routes.Count);
        foreach (var (path, methods) in document["paths"]!.AsObject())
            foreach (var (method, described) in methods!.AsObject())
                ApiScopes.Named(described!["description"]!.GetValue<string>().Split(' ')[^1].TrimEnd('.')).HasValue.ShouldBe(!described["description"]!.GetValue<string>().Contains("organization:read", StringComparison.Ordinal), $"{method} {path}");
    }

    [Fact]
    public async Task The_linter_finds_nothing()
    {
        var folder = FindFolder();
        if (!System.IO.Directory.Exists(Path.Combine(folder, "node_modules", "@redocly"))) (await Run(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")).Exit.ShouldBe(0);
        var (file, broken) = (Path.Combine(Path.GetTempPath(), $"openapi-{Guid.NewGuid():N}.json"), Path.Combine(Path.GetTempPath(), $"openapi-{Guid.NewGuid():N}.json"));
        try
        {
            var document = await Document();
            await File.WriteAllTextAsync(file, document.ToJsonString());
            var (exit, said) = await Run(folder, "node", "node_modules/@redocly/cli/bin/cli.js", "lint", "--config", "redocly.yaml", file);
            exit.ShouldBe(0, said);
            // A linter that finds nothing in anything would find nothing here, too.
            document["paths"]!["/admin/v1/orgs"]!["get"]!.AsObject().Remove("responses");
            await File.WriteAllTextAsync(broken, document.ToJsonString());
            (await Run(folder, "node", "node_modules/@redocly/cli/bin/cli.js", "lint", "--config", "redocly.yaml", broken)).Exit.ShouldNotBe(0);
        }
        finally
        {
            File.Delete(file);
            File.Delete(broken);
        }
    }

    [Fact]
    public async Task Every_route_refuses_as_documented()
    {
        Here.Clock.Stand();
        // Nothing is done: unknown ids, a key without the scope, no key, and bodies that are none.
        using var nobody = With(null);
        using var auditor = With((await Key(Acme, Ada, ApiScope.AuditRead)).Secret);
        using var watcher = With((await Key(Acme, Ada, ApiScope.JobsRead)).Secret);
        // A bucket that one request empties.
        await using var slow = await WholeSite.On(Here, services => services.AddSingleton(new ApiSettings { RequestsPerSecond = 1, Burst = 1 }));
        var key = await Key(Acme, Ada);
        using var hasty = new ApiCaller(slow.Somebody().Client, key.Secret);
        var document = await Document();
        foreach (var operation in Operations.All)
        {
            Here.Clock.Pass(TimeSpan.FromSeconds(1));
            var path = operation.Path.Replace("{orgId}", $"{Acme}", StringComparison.Ordinal).Replace("{directoryId}", "-", StringComparison.Ordinal);
            while (path.IndexOf('{', StringComparison.Ordinal) is var at and >= 0) path = string.Concat(path.AsSpan(0, at), $"{Guid.NewGuid()}", path.AsSpan(path.IndexOf('}', StringComparison.Ordinal) + 1));
            await nobody.Expect(HttpStatusCode.Unauthorized, operation.Method, path);
            await hasty.Ask("GET", "/admin/v1/orgs");
            await hasty.Expect(HttpStatusCode.TooManyRequests, operation.Method, path);
            if (operation.Path != "/admin/v1/orgs" && !operation.Name.StartsWith("listDirectories", StringComparison.Ordinal) && operation.Name != "readOrganization") await (operation.Group == "Audit log" ? watcher : auditor).Expect(HttpStatusCode.Forbidden, operation.Method, path);
            await Program.Expect(HttpStatusCode.BadRequest, operation.Method, $"{path}?cursor=a%00b");
            if (operation.Body is not null)
            {
                await Program.Expect(HttpStatusCode.BadRequest, operation.Method, path, "{");
                using (var text = new StringContent("x", System.Text.Encoding.UTF8, "text/plain")) await Program.Expect(HttpStatusCode.UnsupportedMediaType, operation.Method, path, text);
                await Program.Expect(HttpStatusCode.RequestEntityTooLarge, operation.Method, path, $"\"{new string('x', 1_100_000)}\"");
            }
            if (document["paths"]![operation.Path]![operation.Method.ToLowerInvariant()]!["responses"]!.AsObject().ContainsKey("422"))
            {
                // Under one idempotency key another request, and the same one while it is still carried out.
                var (name, first) = ($"of-{operation.Name}", operation.Body is null ? null : "{");
                await Program.Ask(operation.Method, path, first, (IdempotentDeeds.Header, name));
                await Program.Expect(HttpStatusCode.UnprocessableEntity, operation.Method, $"{path}?other=1", first, (IdempotentDeeds.Header, name));
                await Here.Scalar<int>("update security.api_answer set status = null, content_type = null, body = null where idempotency_key = @name", new { name });
                await Program.Expect(HttpStatusCode.Conflict, operation.Method, path, first, (IdempotentDeeds.Header, name));
            }
            if (operation.Path.Replace("{orgId}", "", StringComparison.Ordinal).Replace("{directoryId}", "", StringComparison.Ordinal).Contains('{', StringComparison.Ordinal) && operation.Body is null)
                await Program.Expect(HttpStatusCode.NotFound, operation.Method, path);
        }
    }

    static string FindFolder()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "DirectoryPlatform.sln"))) at = at.Parent ?? throw new InvalidOperationException("The source tree was not found above the test program.");
        return Path.Combine(at.FullName, "tests", "openapi");
    }

    static async Task<(int Exit, string Said)> Run(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true", ["CI"] = "true" } })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(3)).Token);
        return (process.ExitCode, $"{await output}\n{await errors}");
    }
}
