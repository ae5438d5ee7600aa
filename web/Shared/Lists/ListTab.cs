namespace DirectoryPlatform.Web.Lists;

/// <summary>A count above a list, which leads to the rows that it counts.</summary>
/// <param name="Filter">The one filter that finds them; null for all rows.</param>
public sealed record ListTab(string Label, string Number, (string Name, string Value)? Filter = null)
{
    /// <summary>Beside the others, for what is no part of the whole.</summary>
    public bool Apart { get; init; }
}

/// <summary>What can be done with the rows of a list that somebody has chosen.</summary>
/// <param name="Path">Where the choice is sent, with the list's filters.</param>
/// <param name="Field">In which the action's value is sent.</param>
/// <param name="Noun">"accounts".</param>
/// <param name="Offered">The first stands on the bar, the others in its menu.</param>
public sealed record ListActions(string Path, string Field, string Noun, IReadOnlyList<ListAction> Offered);

/// <param name="Group">Those of one group stand together under its words.</param>
public sealed record ListAction(string Value, string Label, string? Group = null)
{
    /// <summary>Takes something away for good; stands last, in red, as in the menu of a row.</summary>
    public bool Ends { get; init; }
}
