namespace DirectoryPlatform.Host.EmbeddedPostgres;

/// <summary>The embedded server cannot run here. The message is for the person at the console: what is wrong and what to type.</summary>
public sealed class EmbeddedPostgresException(string message, Exception? inner = null) : Exception(message, inner);
