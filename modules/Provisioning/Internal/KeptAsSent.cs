namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>How much of what a provider sends is kept: as sent, within bounds that no person needs and no index breaks at.</summary>
static class KeptAsSent
{
    /// <summary>Values of one attribute (own choice): twenty thousand addresses are nobody's.</summary>
    public const int MostValues = 100;

    /// <summary>Characters of what can be searched for: an entry of an index holds 2,704 bytes, and a character takes up to four.</summary>
    public const int MostText = 600;

    static readonly string[] SearchedNames = ["familyName", "givenName"];

    /// <param name="resource">Normalized; what is over goes from it.</param>
    public static void Bound(JsonObject resource, Oddities odd)
    {
        foreach (var (name, node) in resource.ToList())
            if (node is JsonArray { Count: > MostValues } list)
            {
                odd.Note(string.Create(CultureInfo.InvariantCulture,
                    $"{name}: {list.Count - MostValues} of {list.Count} values ignored; at most {MostValues} are kept."));
                // The primary one is kept, wherever it stands.
                var primary = list.OfType<JsonObject>().FirstOrDefault(ScimResource.IsPrimary);
                resource[name] = new JsonArray([.. list.OrderBy(v => v == primary && primary is not null ? 0 : 1).Take(MostValues)
                    .Select(v => v?.DeepClone())]);
            }
        Cut(resource, "displayName", "displayName", odd);
        foreach (var name in SearchedNames) Cut(resource["name"] as JsonObject, name, $"name.{name}", odd);
        foreach (var email in (resource["emails"] as JsonArray ?? []).OfType<JsonObject>()) Cut(email, "value", "emails.value", odd);
    }

    static void Cut(JsonObject? of, string name, string path, Oddities odd)
    {
        if (of?[name] is not JsonValue value || !value.TryGetValue<string>(out var text) || text.Length <= MostText) return;
        of[name] = text[..(char.IsHighSurrogate(text[MostText - 1]) ? MostText - 1 : MostText)];
        odd.Note(string.Create(CultureInfo.InvariantCulture, $"{path}: shortened to {MostText} characters; {text.Length} were sent."));
    }
}
