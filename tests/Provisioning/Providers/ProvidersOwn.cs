using System.Globalization;
using System.Text.Json.Nodes;

namespace DirectoryPlatform.Tests.Provisioning.Providers;

/// <summary>Somebody in a provider's own directory.</summary>
sealed class ProvidersPerson(string id, string local, string domain)
{
    /// <summary>The provider's id; somebody who is hired again under another object has another one.</summary>
    public string Id { get; set; } = id;
    public string Local { get; set; } = local;
    public string Address => $"{Local}@{domain}";
    public string Given { get; } = $"Given{local}";
    public string Family { get; set; } = $"Family{local}";
    public string Title { get; set; } = "Engineer";
    public string Department { get; set; } = "Research";
    public bool Active { get; set; } = true;

    /// <summary>As the provider calls somebody whom it keeps for a while after deleting; null for anybody else.</summary>
    public string? DeletedName { get; set; }

    /// <summary>Not there any more.</summary>
    public bool Gone { get; set; }

    /// <summary>The platform's id, as it was answered; null before.</summary>
    public Guid? Linked { get; set; }

    public string UserName => DeletedName ?? Address;

    /// <summary>What of it both sides must say alike.</summary>
    public string Written => $"{Id} {UserName} {Address} {Active} {Given} {Family} {Title} {Department}";

    public JsonObject Whole(string? number = null)
    {
        var enterprise = new JsonObject { ["department"] = Department };
        if (number is not null) enterprise["employeeNumber"] = number;
        return new()
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:User", MadeUpUsers.Enterprise),
            ["externalId"] = Id,
            ["userName"] = UserName,
            ["active"] = Active,
            ["displayName"] = $"{Given} {Family}",
            ["title"] = Title,
            ["emails"] = new JsonArray(new JsonObject { ["primary"] = true, ["type"] = "work", ["value"] = Address }),
            ["name"] = new JsonObject { ["formatted"] = $"{Given} {Family}", ["familyName"] = Family, ["givenName"] = Given },
            [MadeUpUsers.Enterprise] = enterprise,
        };
    }
}

/// <summary>A group of it.</summary>
sealed class ProvidersGroup(string id, string name)
{
    public string Id { get; } = id;
    public string Name { get; set; } = name;
    public HashSet<ProvidersPerson> Members { get; } = [];
    public bool Gone { get; set; }
    public Guid? Linked { get; set; }

    /// <summary>Who of it can be named: a provider has no id of the others.</summary>
    public IEnumerable<ProvidersPerson> There => Members.Where(m => m is { Gone: false, Linked: not null });

    public string Written => $"{Name}: {string.Join(' ', There.Select(m => m.UserName).Order(StringComparer.Ordinal))}";
}

static class ProviderWords
{
    public static JsonObject Patch(params JsonNode[] operations) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
        ["Operations"] = new JsonArray(operations),
    };

    public static JsonObject Op(string op, string? path, JsonNode? value = null)
    {
        var operation = new JsonObject { ["op"] = op };
        if (path is not null) operation["path"] = path;
        if (value is not null) operation["value"] = value;
        return operation;
    }

    public static JsonArray Values(IEnumerable<ProvidersPerson> people) =>
        [.. people.Select(p => new JsonObject { ["value"] = $"{p.Linked}" })];

    public static string Number(int number) => number.ToString("000", CultureInfo.InvariantCulture);
}
