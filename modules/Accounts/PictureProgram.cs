using System.Reflection;
using DirectoryPlatform.Accounts.Internal.Profile.Pictures;

namespace DirectoryPlatform.Accounts;

/// <summary>
/// The program that decodes uploaded pictures: the product itself, started once more for each of them with <see cref="Word"/> as its first
/// argument. What a stranger's file does to a decoder happens there, under limits of memory and time, and to nobody else.
/// </summary>
/// <param name="File">Its path, or a name on PATH.</param>
/// <param name="Arguments">Before <see cref="Word"/>.</param>
public sealed record PictureProgram(string File, params IReadOnlyList<string> Arguments)
{
    /// <summary>Not in the help: it is no command for people.</summary>
    public const string Word = "draw-picture";

    /// <param name="product">With the entry point that hands <see cref="Word"/> to <see cref="Run"/>.</param>
    public static PictureProgram Of(Assembly product)
    {
        var (running, own) = (Environment.ProcessPath, product.GetName().Name!);
        // Of a file that holds everything there is no path of the assembly; then the program is always this one.
        if (Path.GetFileName(running) == own) return new(running!);
        return new(Path.GetFileName(running) == "dotnet" ? running! : "dotnet", Path.Combine(AppContext.BaseDirectory, $"{own}.dll"));
    }

    /// <summary>What the child does: a file in, a square out.</summary>
    /// <returns>The process's exit code.</returns>
    public static int Run(string[] args) => PictureChild.Run(args);
}
