using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Api;
using DirectoryPlatform.Web.Api.Document;
using DirectoryPlatform.Web.Permissions;
using Microsoft.AspNetCore.Routing;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The OpenAPI document says what there is (SPEC P3). That answers keep to it is held
/// by every test that asks the API, see <see cref="ApiContract"/>.</summary>
[Trait("Rule", "P3")]
public sealed partial class KeepToTheDocument : OnApi
{
    [Fact]
    public async Task Every_route_that_keys_open_is_described_and_nothing_else()
    {
        var routes = Site.Routes.Where(r => r.Metadata.GetMetadata<RequiresAttribute>() is { Scope: not null })
            .SelectMany(r =>
                r.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m =>
                    $"{m} /{r.RoutePattern.RawText!.TrimStart('/').Replace(":guid", "", StringComparison.Ordinal)}")).Order().ToList();
        routes.Count.ShouldBeGreaterThan(50);
        Operations.All.Select(o => $"{o.Method} {o.Path}").Order().ShouldBe(routes);
        Operations.All.Select(o => o.Name).ShouldBeUnique();
        var document = await Document();
        document["paths"]!.AsObject().Sum(p => p.Value!.AsObject().Count).ShouldBe(Operations.All.Count(o => o.LeftOut is null));
        foreach (var (path, methods) in document["paths"]!.AsObject())
            foreach (var (method, described) in methods!.AsObject())
                ApiScopes.Named(described!["description"]!.GetValue<string>().Split(' ')[^1]
                    .TrimEnd('.')).HasValue.ShouldBe(!described["description"]!.GetValue<string>()
                    .Contains("organization:read", StringComparison.Ordinal), $"{method} {path}");
    }

    [Fact]
    public async Task The_linter_finds_nothing()
    {
        var folder = FindFolder();
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@redocly")))
            (await Run(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")).Exit.ShouldBe(0);
        var (file, broken) = (Path.Combine(Path.GetTempPath(), $"openapi-{Guid.NewGuid():N}.json"),
            Path.Combine(Path.GetTempPath(), $"openapi-{Guid.NewGuid():N}.json"));
        try
        {
            var document = await Document();
            await File.WriteAllTextAsync(file, document.ToJsonString());
            // A linter that finds nothing in anything would find nothing here, too.
            document["paths"]!["/admin/v1/orgs"]!["get"]!.AsObject().Remove("responses");
            await File.WriteAllTextAsync(broken, document.ToJsonString());
            var (exit, said) = await Run(folder, "node", "node_modules/@redocly/cli/bin/cli.js", "lint", "--config", "redocly.yaml",
                "--format=json", file, broken);
            var errors = Errors().Matches(said).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
            (errors.Count, errors[0], errors[^1] > 0, exit != 0).ShouldBe((2, 0, true, true), said);
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
        using var hasty = With((await Key(Acme, Ada)).Secret);
        var document = await Document();
        // The clock stands: a bucket that was emptied once stays empty.
        for (var i = 0; i < new ApiSettings().Burst; i++) await hasty.Expect(HttpStatusCode.OK, "GET", "/admin/v1/orgs");
        foreach (var operation in Operations.All) await hasty.Expect(HttpStatusCode.TooManyRequests, operation.Method, Unknown(operation));
        foreach (var operation in Operations.All.Where(o => o.LeftOut is null))
        {
            Here.Clock.Pass(TimeSpan.FromSeconds(1));
            var path = Unknown(operation);
            await nobody.Expect(HttpStatusCode.Unauthorized, operation.Method, path);
            if (operation.Path != "/admin/v1/orgs" && !operation.Name.StartsWith("listDirectories", StringComparison.Ordinal)
                && operation.Name != "readOrganization")
                await (operation.Group == "Audit log" ? watcher : auditor).Expect(HttpStatusCode.Forbidden, operation.Method, path);
            await Program.Expect(HttpStatusCode.BadRequest, operation.Method, $"{path}?cursor=a%00b");
            if (operation.Body is not null)
            {
                await Program.Expect(HttpStatusCode.BadRequest, operation.Method, path, "{");
                using (var text = new StringContent("x", System.Text.Encoding.UTF8, "text/plain"))
                    await Program.Expect(HttpStatusCode.UnsupportedMediaType, operation.Method, path, text);
                await Program.Expect(HttpStatusCode.RequestEntityTooLarge, operation.Method, path, $"\"{new string('x', 1_100_000)}\"");
            }
            if (document["paths"]![operation.Path]![operation.Method.ToLowerInvariant()]!["responses"]!.AsObject().ContainsKey("422"))
            {
                // Under one idempotency key another request, and the same one while it is still carried out.
                var (name, first) = ($"of-{operation.Name}", operation.Body is null ? null : "{");
                await Program.Ask(operation.Method, path, first, (IdempotencyFilter.Header, name));
                await Program.Expect(HttpStatusCode.UnprocessableEntity, operation.Method, $"{path}?cursor=1", first,
                    (IdempotencyFilter.Header, name));
                await Here.Scalar<int>(
                    "update security.api_answer set status = null, content_type = null, body = null where idempotency_key = @name",
                    new { name });
                await Program.Expect(HttpStatusCode.Conflict, operation.Method, path, first, (IdempotencyFilter.Header, name));
            }
            if (operation.Path.Replace("{orgId}", "", StringComparison.Ordinal).Replace("{directoryId}", "", StringComparison.Ordinal)
                .Contains('{', StringComparison.Ordinal) && operation.Body is null)
                await Program.Expect(HttpStatusCode.NotFound, operation.Method, path);
        }
    }

    /// <summary>The own organization, and ids in it that do not exist.</summary>
    string Unknown(Operation operation)
    {
        var path = operation.Path.Replace("{orgId}", $"{Acme}", StringComparison.Ordinal)
            .Replace("{directoryId}", "-", StringComparison.Ordinal);
        while (path.IndexOf('{', StringComparison.Ordinal) is var at and >= 0)
            path = string.Concat(path.AsSpan(0, at), $"{Guid.NewGuid()}", path.AsSpan(path.IndexOf('}', StringComparison.Ordinal) + 1));
        return path;
    }

    static string FindFolder()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "DirectoryPlatform.sln")))
            at = at.Parent ?? throw new InvalidOperationException("The source tree was not found above the test program.");
        return Path.Combine(at.FullName, "tests", "openapi");
    }

    static async Task<(int Exit, string Said)> Run(string folder, string program, params string[] arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true", ["CI"] = "true" }
            })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(3)).Token);
        return (process.ExitCode, $"{await output}\n{await errors}");
    }

    /// <summary>Of each file that was linted, in its turn.</summary>
    [GeneratedRegex("\"totals\": \\{\\s*\"errors\": (\\d+)")]
    private static partial Regex Errors();
}
