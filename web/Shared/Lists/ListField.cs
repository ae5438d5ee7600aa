namespace DirectoryPlatform.Web.Lists;

/// <summary>A word of a list's address.</summary>
/// <param name="Value">In the address.</param>
/// <param name="Label">On the page.</param>
public sealed record FilterWord<T>(string Value, T Means, string Label);

/// <summary>One of the things that a field offers.</summary>
public sealed record ListOption(string Value, string Label)
{
    /// <summary>Those of one group stand together under its words.</summary>
    public string? Group { get; init; }
}

/// <summary>How a field is filled in; <see cref="Kept"/> ones come by links alone, and stay when other filters change.</summary>
public enum ListFieldKind { Search, Text, Choice, Day, Kept }

/// <summary>A filter of a list as its address and its form have it.</summary>
/// <param name="Name">In the address.</param>
/// <param name="Label">Of the field.</param>
/// <param name="Read">What is understood of the address's text; null for what is not, which is then not filtered by.</param>
/// <param name="Chip">The set filter in words.</param>
public sealed record ListField(string Name, string Label, ListFieldKind Kind, Func<string, string?> Read, Func<ListOption, string> Chip)
{
    /// <summary>No name and no email is longer (RFC 5321, 4.5.3.1.3).</summary>
    const int LongestSearch = 254;

    /// <summary>What is chosen for no filter.</summary>
    public string Any { get; init; } = "All";

    /// <summary>Of a choice; none where the page knows what there is.</summary>
    public IReadOnlyList<ListOption> Options { get; init; } = [];

    public string? Placeholder { get; init; }

    /// <summary>Why the typed text cannot be searched for, in words; null when it can.</summary>
    public Func<string, string?> Fault { get; init; } = _ => null;

    public static ListField Search(string placeholder = "Part of a name or an email address") =>
        new("q", "Search", ListFieldKind.Search, text => text, chosen => $"“{chosen.Value}”")
        {
            Placeholder = placeholder,
            Fault = text => text.Length > LongestSearch ? $"A search has at most {LongestSearch} characters."
                : text.Any(char.IsControl) ? "A search cannot contain control characters."
                // Read as no search it would show everybody, and "all that match" would mean them.
                : !string.IsNullOrWhiteSpace(text) && SearchKey.Typed(text) is null ? "A search needs a visible character."
                : null,
        };

    /// <summary>One of these words; its chip is the word's label, behind what stands before it.</summary>
    public static ListField Choice<T>(string name, string label, IReadOnlyList<FilterWord<T>> words, string? chip = null) =>
        new(name, label, ListFieldKind.Choice, text => words.FirstOrDefault(w => w.Value == text)?.Value,
            chosen => chip is null ? chosen.Label : chip + char.ToLowerInvariant(chosen.Label[0]) + chosen.Label[1..])
        { Options = [.. words.Select(w => new ListOption(w.Value, w.Label))] };

    /// <summary>One of what the page knows; its label is empty for what is not there any more.</summary>
    public static ListField Offered(string name, string label, Func<string, string?> read, Func<ListOption, string> chip) =>
        new(name, label, ListFieldKind.Choice, read, chip);

    public static ListField Day(string name, string label, Func<ListOption, string> chip) =>
        new(name, label, ListFieldKind.Day, text => ListQuery.Day(text) is null ? null : text, chip);
}
