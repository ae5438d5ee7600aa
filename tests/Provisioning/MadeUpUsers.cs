using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryPlatform.Provisioning.Internal.Protocol;

namespace DirectoryPlatform.Tests.Provisioning;

/// <summary>Made-up resources and filters over them; the same seed gives the same.</summary>
sealed class MadeUpUsers(Random random)
{
    public const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    static readonly string[] Words = ["ada", "adam", "bea", "carl", "ad", "a", "lovelace", "love"];
    static readonly string[] Types = ["work", "home", "other"];

    /// <summary>What of the extension people have and filters ask: other implementations are asked for the first alone.</summary>
    public IReadOnlyList<string> OfEnterprise { get; init; } = ["department"];

    public string Word() => Words[random.Next(Words.Length)];

    bool Half() => random.Next(2) == 0;

    /// <param name="whole">All single-valued attributes are there.</param>
    public JsonObject User(bool whole = false)
    {
        var user = new JsonObject { ["userName"] = $"{Word()}{random.Next(4).ToString(CultureInfo.InvariantCulture)}@acme.example" };
        if (whole || Half()) user["externalId"] = Word();
        if (whole || Half()) user["displayName"] = $"{Word()} {Word()}";
        if (whole || Half()) user["title"] = Word();
        if (whole || Half()) user["active"] = Half();
        if (whole || Half())
        {
            var name = new JsonObject { ["familyName"] = Word() };
            if (whole || Half()) name["givenName"] = Word();
            user["name"] = name;
        }
        if (Half())
        {
            var emails = Types.OrderBy(_ => random.Next()).Take(1 + random.Next(3)).Select(type =>
            {
                var email = new JsonObject { ["value"] = $"{Word()}@{Word()}.example" };
                if (random.Next(4) > 0) email["type"] = type;
                if (random.Next(4) == 0) email["display"] = Word();
                return (JsonNode)email;
            });
            user["emails"] = new JsonArray([.. emails]);
        }
        if (!Half()) return user;
        var enterprise = new JsonObject { ["department"] = Word() };
        user[Enterprise] = enterprise;
        if (OfEnterprise.Count == 1) return user;
        if (Half()) enterprise["employeeNumber"] = Word().ToUpperInvariant();
        if (Half()) enterprise["manager"] = new JsonObject { ["value"] = Half() ? Word() : Word().ToUpperInvariant() };
        return user;
    }

    static readonly string[] Singles = ["userName", "externalId", "displayName", "title", "name.familyName", "name.givenName"];
    static readonly string[] EmailParts = ["value", "type", "display"];

    /// <param name="singles">Attributes that may be asked; others than these are not.</param>
    /// <param name="innerDepth">Of filters in brackets.</param>
    public ScimFilter Filter(int depth, string[]? singles = null, bool lists = true, bool extension = true, int innerDepth = 2)
    {
        if (depth > 0 && random.Next(3) > 0)
            return random.Next(3) switch
            {
                0 => new ScimFilter.And(Filter(depth - 1, singles, lists, extension, innerDepth),
                    Filter(depth - 1, singles, lists, extension, innerDepth)),
                1 => new ScimFilter.Or(Filter(depth - 1, singles, lists, extension, innerDepth),
                    Filter(depth - 1, singles, lists, extension, innerDepth)),
                _ => new ScimFilter.Not(Filter(depth - 1, singles, lists, extension, innerDepth)),
            };
        if (lists && random.Next(4) == 0)
            return Half() ? Leaf("emails.value") : new ScimFilter.Within("emails", Inner(random.Next(innerDepth + 1)));
        if (extension && random.Next(8) == 0)
            return Leaf($"{Enterprise}:{OfEnterprise[OfEnterprise.Count == 1 ? 0 : random.Next(OfEnterprise.Count)]}");
        if (random.Next(8) == 0)
            return random.Next(3) switch
            {
                0 => new ScimFilter.Present("active"),
                1 =>
                new ScimFilter.Compare("active", ScimOperator.Eq, Half()),
                _ => new ScimFilter.Compare("active", ScimOperator.Ne, Half())
            };
        var names = singles ?? Singles;
        return Leaf(names[random.Next(names.Length)]);
    }

    /// <summary>Over one email; always with something about its value, which is what an index knows.</summary>
    ScimFilter Inner(int depth) => depth == 0 ? Leaf("value") : random.Next(3) switch
    {
        0 => new ScimFilter.And(Leaf(EmailParts[random.Next(EmailParts.Length)]), Inner(depth - 1)),
        1 => new ScimFilter.Or(Inner(depth - 1), Inner(depth - 1)),
        _ => new ScimFilter.Not(Inner(depth - 1)),
    };

    ScimFilter Leaf(string path)
    {
        if (random.Next(7) == 0) return new ScimFilter.Present(path);
        if (random.Next(9) == 0) return new ScimFilter.Compare(path, Half() ? ScimOperator.Eq : ScimOperator.Ne, null);
        return new ScimFilter.Compare(path, (ScimOperator)random.Next(9), path switch
        {
            "type" => Types[random.Next(3)],
            "emails.value" or "value" => Half() ? $"{Word()}@{Word()}.example" : Word(),
            "userName" when Half() => $"{Word()}{random.Next(4).ToString(CultureInfo.InvariantCulture)}@acme.example",
            "displayName" when Half() => $"{Word()} {Word()}",
            _ => Word(),
        });
    }

    /// <summary>As a provider writes it.</summary>
    public static string Write(ScimFilter filter, Func<ScimFilter, string?>? otherwise = null) => otherwise?.Invoke(filter) ?? filter switch
    {
        ScimFilter.And both => $"({Write(both.Left, otherwise)} and {Write(both.Right, otherwise)})",
        ScimFilter.Or either => $"({Write(either.Left, otherwise)} or {Write(either.Right, otherwise)})",
        ScimFilter.Not not => $"not ({Write(not.Inner, otherwise)})",
        ScimFilter.Present present => $"{present.Path} pr",
        ScimFilter.Within within => $"{within.Path}[{Write(within.Inner, otherwise)}]",
        ScimFilter.Compare compare =>
            $"{compare.Path} {$"{compare.Operator}".ToLowerInvariant()} {JsonSerializer.Serialize(compare.Value)}",
        _ => throw new InvalidOperationException(),
    };
}
