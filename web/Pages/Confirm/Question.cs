namespace DirectoryPlatform.Web.Pages.Confirm;

/// <summary>What the page says before something is done, what it asks for besides, and what its one button does.</summary>
/// <param name="Title">The heading: "Deactivate Jane Doe".</param>
/// <param name="About">The text of the link back.</param>
/// <param name="Busy">What the button says while it is done.</param>
public sealed record Question(string Title, string About, string Button, string Icon, string Busy)
{
    /// <summary>The consequence, in bold; null when nothing is lost.</summary>
    public string? Warning { get; init; }

    /// <summary>The rest of the warning's paragraph.</summary>
    public string? More { get; init; }

    /// <summary>Further lines of the warning.</summary>
    public IReadOnlyList<string> Points { get; init; } = [];

    /// <summary>Paragraphs below.</summary>
    public IReadOnlyList<IReadOnlyList<Piece>> Advice { get; init; } = [];

    public Danger Danger { get; init; } = Danger.Loses;

    /// <summary>What leaves the question: one word everywhere, but for what is itself called that ("Cancel job").</summary>
    public string Leave => Button.StartsWith("Cancel ", StringComparison.Ordinal) ? "Back" : "Cancel";

    /// <summary>Why it cannot be done yet, in place of the button; null when it can.</summary>
    public Obstacle? Obstacle { get; init; }

    /// <summary>What is typed besides.</summary>
    public IReadOnlyList<Asked> Fields { get; init; } = [];

    /// <summary>Values of the first field that are chosen by one click each, or suggested while it is typed.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The field beside which a refusal is said; null for the one that the refusal names, or above the form.</summary>
    public Func<Refusal, string?> Beside { get; init; } = _ => null;

    /// <summary>Whoever is told by mail, when a reason, a message and that mail can be chosen.</summary>
    public string? Tells { get; init; }

    /// <summary>The word that has to be typed; whoever carries it out compares it.</summary>
    public string? Word { get; init; }

    /// <summary>A box that has to be ticked, and the sentence for who has not.</summary>
    public (string Label, string Missing)? Acknowledged { get; init; }

    public bool AsksPassword { get; init; }

    /// <summary>The version that is shown, and sent back with the form; null where none is compared.</summary>
    public long? Seen { get; init; }

    public required Func<ConfirmForm, Task<Outcome<ConfirmAnswer>>> Execute { get; init; }

    /// <summary>Everything that is wrong with what was typed, the first of which the command is refused with.</summary>
    public Func<ConfirmForm, IReadOnlyList<Refusal>> Faults { get; init; } = _ => [];

    /// <summary>Where a refusal of the command leads; null for this page again, with the sentence.</summary>
    public Func<Refusal, string?> LeadsTo { get; init; } = _ => null;
}

/// <summary>How the warning and the button look.</summary>
public enum Danger
{
    /// <summary>It gives something back.</summary>
    None,

    /// <summary>It changes something, and takes nothing away for good.</summary>
    Loses,

    /// <summary>Something is erased.</summary>
    Erases,
}

/// <summary>A field of the form.</summary>
/// <param name="Name">Of the member of <see cref="ConfirmForm"/> that brings what was typed.</param>
public sealed record Asked(string Name, string Label, string? Hint = null)
{
    public string Type { get; init; } = "text";
    public bool Required { get; init; } = true;
    public int? Longest { get; init; }
    public string? Autocomplete { get; init; }

    /// <summary>What stands there before anything is typed.</summary>
    public string? Value { get; init; }

    /// <summary>Of no language: neither spelt nor begun with a capital by the browser.</summary>
    public bool IsCode { get; init; }
}

/// <summary>A piece of a paragraph: text, a link, or a moment.</summary>
public sealed record Piece(string Text, string? Path = null, DateTimeOffset? At = null)
{
    public static implicit operator Piece(string text) => new(text);
}

/// <param name="Ways">Icon, text and path of where the reasons can be put right.</param>
public sealed record Obstacle(string Sentence, IReadOnlyList<string> Reasons,
    IReadOnlyList<(string Icon, string Text, string Path)> Ways);

/// <summary>What was done, and where it is said.</summary>
/// <param name="Sentence">Null where the next page says it by itself.</param>
/// <param name="Next">The step that is offered besides, such as "Undo".</param>
public sealed record ConfirmAnswer(string? Sentence, string Path, (string Text, string Path)? Next = null)
{
    /// <summary>A partial that the page shows once, in place of a redirect, for a secret that no redirect could carry.</summary>
    public (string Name, object Model)? Once { get; init; }
}

/// <summary>All that a question can ask for.</summary>
public sealed class ConfirmForm
{
    public string? Reason { get; set; }
    public string? Message { get; set; }
    public bool Notify { get; set; } = true;
    public bool Acknowledged { get; set; }
    public string? TypedName { get; set; }
    public string? Password { get; set; }
    public long SeenVersion { get; set; }

    // Of Question.Fields.
    public string? Name { get; set; }
    public string? Email { get; set; }
    public string? Url { get; set; }
    public string? Description { get; set; }
    public string? JobTitle { get; set; }
    public string? Department { get; set; }
    public string? Location { get; set; }
}
