using System.Reflection;

namespace DirectoryPlatform.Cli.Exits;

static class ThisProgram
{
    /// <summary>With the commit behind a plus sign, where the build knew it.</summary>
    public static string Version { get; } =
        typeof(ThisProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
