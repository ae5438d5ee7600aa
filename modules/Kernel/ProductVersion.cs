using System.Reflection;

namespace DirectoryPlatform.Kernel;

/// <summary>Which program this is (SPEC R12). A release has the number of its tag, the commit and the day on which it was built; what
/// <c>./run</c> builds is work in progress and has none of them.</summary>
public static class ProductVersion
{
    static readonly string[] Parts = (Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0")
        .Split('+', 2);

    /// <summary>"1.4.0".</summary>
    public static string Number { get; } = Parts[0];

    /// <summary>Null where the build did not know it.</summary>
    public static string? Commit { get; } = Parts.ElementAtOrDefault(1);

    /// <summary>"2026-12-01"; null where the build did not say it.</summary>
    public static string? Day { get; } = Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(m => m.Key == "BuildDay")?.Value;

    /// <summary>All that is known: "1.4.0, commit 0123456789ab, built on 2026-12-01".</summary>
    public static string Words { get; } =
        $"{Number}{(Commit is null ? "" : $", commit {Commit}")}{(Day is null ? "" : $", built on {Day}")}";

    static Assembly Assembly => typeof(ProductVersion).Assembly;
}
