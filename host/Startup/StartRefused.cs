namespace DirectoryPlatform.Host.Startup;

/// <summary>The product does not start with these settings on this data; the message is for the person at the console.</summary>
sealed class StartRefused(string why) : InvalidOperationException(why);
