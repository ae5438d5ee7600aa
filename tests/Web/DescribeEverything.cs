using System.Text.Json.Nodes;
using DirectoryPlatform.Web.Api.Document;

namespace DirectoryPlatform.Tests.Web;

/// <summary>The OpenAPI document says of each thing what it is: who reads it, or a generated client, has nothing else (SPEC P3).</summary>
[Trait("Rule", "P3")]
public sealed class DescribeEverything : OnApi
{
    [Fact]
    public async Task Every_operation_parameter_and_property_is_described()
    {
        var document = await Document();
        var (silent, described) = (new List<string>(), 0);
        foreach (var (path, methods) in document["paths"]!.AsObject())
            foreach (var (method, operation) in methods!.AsObject())
            {
                Look($"{method} {path}", operation!);
                foreach (var parameter in operation!["parameters"]!.AsArray()) Look($"{method} {path} {parameter!["name"]}", parameter);
            }
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject()) Walk(name, schema!.AsObject());
        silent.ShouldBeEmpty();
        described.ShouldBeGreaterThan(900);

        void Look(string what, JsonNode thing)
        {
            if (thing["description"]?.GetValue<string>() is { Length: > 1 }) described++;
            else silent.Add(what);
        }

        void Walk(string place, JsonObject schema)
        {
            if (schema["properties"] is JsonObject properties)
                foreach (var (name, property) in properties)
                {
                    Look($"{place}.{name}", property!);
                    Walk($"{place}.{name}", property!.AsObject());
                }
            if (schema["items"] is JsonObject items) Walk(place, items);
        }
    }

    [Fact]
    public async Task It_names_a_licence_and_whom_to_ask()
    {
        var info = (await Document())["info"]!;
        (info["license"]!["identifier"]!.GetValue<string>(), info["contact"]!["name"]!.GetValue<string>().Length > 0)
            .ShouldBe(("Apache-2.0", true));
    }

    [Fact]
    public void No_word_is_left_over()
    {
        var names = new HashSet<string>();
        foreach (var (name, schema) in OpenApi.Schemas) Walk(name, schema!.AsObject());
        OpenApi.Embedded("openapi-words.json").Select(w => w.Key).Except(names).ShouldBeEmpty();

        void Walk(string place, JsonObject schema)
        {
            if (schema["properties"] is JsonObject properties)
                foreach (var (name, property) in properties)
                {
                    names.UnionWith([name, $"{place}.{name}"]);
                    Walk($"{place}.{name}", property!.AsObject());
                }
            if (schema["items"] is JsonObject items) Walk(place, items);
        }
    }
}
