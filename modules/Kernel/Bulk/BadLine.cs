namespace DirectoryPlatform.Kernel.Bulk;

/// <summary>A line of a file, or of pasted text, that names nobody who is meant.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Text">As it stands there, shortened.</param>
/// <param name="Why">With the file's name before it where there are several.</param>
public sealed record BadLine(int Line, string Text, string Why);
