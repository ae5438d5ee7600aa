namespace DirectoryPlatform.Kernel.Outcomes;

/// <summary>Why something was not done. Each module lists its refusals in one file, one line each.</summary>
/// <param name="Code">What a machine reads: lower camel case, stable for ever.</param>
/// <param name="Sentence">What the administrator reads: plain words, ends with a full stop.</param>
public abstract record Refusal(string Code, string Sentence);

/// <summary>The thing does not exist, or is somebody else's: the two are never told apart (SPEC S8).</summary>
public sealed record NotFound(string What) : Refusal("notFound", $"There is no such {What} here.");

/// <summary>The thing changed after the page was read; nothing was written.</summary>
public sealed record ChangedMeanwhile()
    : Refusal("changedMeanwhile", "Someone else changed this in the meantime. Review it, then try again.");

/// <summary>A value that cannot be accepted; <paramref name="Field"/> names the form field that it stood in.</summary>
public sealed record InvalidValue(string Field, string Why) : Refusal("invalidValue", Why);
