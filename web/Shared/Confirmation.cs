namespace DirectoryPlatform.Web.Shared;

/// <summary>What a page says before something is done, and the one button that does it (<c>_Confirmation</c>).</summary>
/// <param name="Warning">The consequence, in bold.</param>
/// <param name="More">The rest of the same paragraph.</param>
/// <param name="Advice">A paragraph of its own; null for none.</param>
/// <param name="Busy">What the button says while it is done.</param>
/// <param name="Back">Where "Cancel" leads.</param>
public sealed record Confirmation(string Warning, string More, string? Advice, string Icon, string Button, string Busy, string Back,
    string Cancel = "Cancel");
