using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// Asks every operation of the OpenAPI document with bodies, ids, queries and headers that are right, nearly right, and nonsense (SPEC P4).
/// The same seed asks the same. Says what should never be seen: a 5xx, a stack trace, another organization's data,
/// or an error that is no JSON.
/// </summary>
sealed class ApiFuzzer(HttpClient client, string key, IReadOnlyDictionary<string, string[]> ids, IReadOnlyList<string> secrets, int seed)
{
    static readonly string[] Nonsense =
    [
        "", " ", "null", "-1", "0", "1e309", "99999999999999999999", "true", "'; drop table accounts.account; --", "%00",
        "../../etc/passwd", "{{7*7}}", "<script>alert(1)</script>", "\u202Egpj.exe", "a\u0000b", "\uFFFF", "😀😀",
        new('x', 300), new('é', 5_000), "ari:cloud:jira::site/", "ari:cloud:::site/00000000-0000-0000-0000-000000000000",
        "liam@acme.example", "@", "a@b", "2026-13-45", "en-", "Europe/../../etc", "\r\nSet-Cookie: x=1",
    ];

    /// <summary>Kestrel's limit of a request line in bytes; what is longer it answers by itself, with 414 and no body.</summary>
    const int LongestLine = 8 * 1024;

    readonly Random _random = new(seed);

    /// <summary>Answers by status.</summary>
    public SortedDictionary<int, int> Statuses { get; } = [];

    /// <param name="hold">Told method, path, status, type and body of each answer; what it throws is a fault.</param>
    public async Task<IReadOnlyList<string>> Run(int requests, Action<string, string, int, MediaTypeHeaderValue?, string>? hold = null)
    {
        var faults = new List<string>();
        for (var i = 0; i < requests && faults.Count < 20; i++)
        {
            var operation = Operations.All[_random.Next(Operations.All.Count)];
            var (path, body) = (PathOf(operation), operation.Body is { } schema ? BodyOf(schema) : _random.Next(10) == 0 ? "{}" : null);
            using var request = new HttpRequestMessage(new HttpMethod(operation.Method), path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            if (_random.Next(10) == 0)
                request.Headers.TryAddWithoutValidation("Idempotency-Key",
                    _random.Next(4) == 0 ? new string([.. Pick(Nonsense).Where(c => c is >= ' ' and <= '~')]) : $"k{_random.Next(50)}");
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, _random.Next(20) == 0 ? "text/plain" : "application/json");
            using var answer = await client.SendAsync(request);
            var said = await answer.Content.ReadAsStringAsync();
            var status = (int)answer.StatusCode;
            Statuses[status] = Statuses.GetValueOrDefault(status) + 1;
            if (status == 414 && said.Length == 0 && path.Length > LongestLine - 100) continue;
            string? why = status >= 500 && (status != 501 || operation.LeftOut is null) ? "a 5xx"
                : said.Contains("   at ", StringComparison.Ordinal) || said.Contains("Exception", StringComparison.Ordinal)
                || said.Contains("Npgsql", StringComparison.Ordinal) ? "a stack trace"
                : secrets.FirstOrDefault(s => said.Contains(s, StringComparison.OrdinalIgnoreCase)) is { } secret
                && body?.Contains(secret, StringComparison.OrdinalIgnoreCase) != true ? $"another organization's {secret}"
                : status >= 400 && answer.Content.Headers.ContentType?.MediaType != "application/json" ? "an error that is no JSON"
                : null;
            try
            {
                hold?.Invoke(operation.Method, path, status, answer.Content.Headers.ContentType, said);
            }
            catch (Exception unlike)
            {
                why ??= unlike.Message;
            }
            if (why is not null)
                faults.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{why}: request {i} of seed {seed}: {operation.Method} {path[..Math.Min(300, path.Length)]} "
                    + $"{body?[..Math.Min(300, body.Length)]} -> {status} {said[..Math.Min(300, said.Length)]}"));
        }
        return faults;
    }

    string PathOf(Operation operation)
    {
        var path = operation.Path;
        while (path.IndexOf('{', StringComparison.Ordinal) is var at and >= 0)
        {
            var end = path.IndexOf('}', StringComparison.Ordinal);
            path = string.Concat(path.AsSpan(0, at), Id(path[(at + 1)..end]), path.AsSpan(end + 1));
        }
        var query = operation.Query.Where(_ => _random.Next(4) == 0).Select(q => $"{q.Name}={Uri.EscapeDataString(Value(q))}").ToList();
        if (_random.Next(20) == 0) query.Add($"{Uri.EscapeDataString(Text())}=1");
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    /// <summary>Mostly one that the parameter takes.</summary>
    string Value(Parameter parameter) => _random.Next(6) == 0 ? Text()
        : parameter.Among is { } among ? Pick(among)
        : parameter.Kind switch
        {
            ParameterKind.Id => Pick(ids[parameter.Name switch { "groupIds" => "groupId", "directoryIds" => "orgId", _ => "accountId" }]),
            ParameterKind.Flag => Pick(["true", "false"]),
            ParameterKind.Size => Pick(["1", "7", "1000"]),
            ParameterKind.Domain => Pick(["acme.example", "globex.example"]),
            ParameterKind.Email => "liam@acme.example",
            ParameterKind.Resource => $"ari:cloud:jira::site/{Pick(ids["siteId"])}",
            ParameterKind.Match => Pick(["""{"eq":["Liam","acme.example"]}""", """{"contains":"l"}""", """{"eq":[]}"""]),
            _ => Text(),
        };

    /// <summary>Own and foreign ids stand in the lists; the rest is unknown or none. A NUL in a path is the server's to refuse, and a
    /// client's to throw about.</summary>
    string Id(string name) => _random.Next(25) switch
    {
        0 => $"{Guid.NewGuid()}",
        1 => Uri.EscapeDataString(Text().Replace("\0", "", StringComparison.Ordinal).Replace("%00", "", StringComparison.Ordinal))
            is { Length: > 0 } text and not "." and not ".." ? text : "x",
        _ => name == "directoryId" && _random.Next(2) == 0 ? "-"
            : name is "orgId" or "directoryId" && _random.Next(5) > 0 ? ids["orgId"][0]
            : Pick(ids.TryGetValue(name, out var known) ? known : [$"{Guid.NewGuid()}"]),
    };

    string BodyOf(string schema)
    {
        var body = Value(OpenApi.Schemas[schema]!.AsObject(), 0)?.ToJsonString() ?? "null";
        return _random.Next(12) switch
        {
            0 => body[..(body.Length / 2)],
            1 => $"[{body}]",
            2 => new string('[', 200),
            3 => body.Replace("\":\"", "\":{\"x\":\"", StringComparison.Ordinal),
            _ => body,
        };
    }

    JsonNode? Value(JsonObject schema, int depth)
    {
        if (schema["$ref"] is { } other) return Value(OpenApi.Schemas[other.GetValue<string>().Split('/')[^1]]!.AsObject(), depth);
        if (_random.Next(15) == 0) return Wrong(depth);
        if (schema["enum"] is JsonArray among && _random.Next(6) > 0) return among[_random.Next(among.Count)]!.GetValue<string>();
        return (schema["type"] is JsonArray several ? several[0] : schema["type"])?.GetValue<string>() switch
        {
            "object" => new JsonObject((schema["properties"] as JsonObject ?? []).Where(_ => _random.Next(6) > 0)
                .Select(p => KeyValuePair.Create(p.Key, Named(p.Key, p.Value!.AsObject(), depth + 1)))),
            "array" => new JsonArray([.. Enumerable.Range(0, _random.Next(4)).Select(_ => Value(schema["items"]!.AsObject(), depth + 1))]),
            "boolean" => _random.Next(2) == 0,
            "integer" => Pick([0, 1, 7, 60, -1, int.MaxValue, 14, 366]),
            _ => Text(),
        };
    }

    /// <summary>Where a right value is hard to guess, it is known.</summary>
    JsonNode? Named(string name, JsonObject schema, int depth) => _random.Next(3) == 0 ? Value(schema, depth) : name switch
    {
        "accountId" => Pick(ids["accountId"]),
        "accountIds" => new JsonArray(Pick(ids["accountId"])),
        "groupIds" => new JsonArray(Pick(ids["groupId"])),
        "directoryIds" => new JsonArray(Pick(ids["orgId"])),
        "emailDomains" => new JsonArray("acme.example"),
        "resourceIds" => new JsonArray($"ari:cloud:jira::site/{Pick(ids["siteId"])}"),
        "query" => new JsonObject { ["searchWorkspaces"] = Text() },
        "additionalGroups" => new JsonArray(Pick(ids["groupId"])),
        "domainId" => Pick(ids["domainId"]),
        "resource" => $"ari:cloud:jira::site/{Pick(ids["siteId"])}",
        "emails" => new JsonArray($"p{_random.Next(100)}@{Pick(["acme.example", "globex.example", "mail.example"])}"),
        "email" => $"p{_random.Next(100)}@{Pick(["acme.example", "globex.example", "mail.example"])}",
        _ => Value(schema, depth),
    };

    JsonNode? Wrong(int depth) => _random.Next(6) switch
    {
        0 => null,
        1 => 1.5e300,
        2 => new JsonArray(),
        3 => new JsonObject { ["x"] = depth < 3 ? Wrong(depth + 1) : 1 },
        4 => false,
        _ => Text(),
    };

    string Text() => _random.Next(2) == 0 ? Pick(Nonsense) : $"t{_random.Next(1000)}";

    T Pick<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];
}
