using System.Security.Cryptography;

namespace DirectoryPlatform.Kernel.Cluster;

/// <summary>
/// Whom a silo on loopback can reach: the processes of one network namespace since one start of one machine. They form a cluster; nodes
/// elsewhere form their own over the same database, whose versions keep the turns of all of them apart.
/// </summary>
static class SameLoopback
{
    public static string ClusterId { get; } = $"loopback-{Digest($"{Environment.MachineName} {Boot()} {Network()}")}";

    static string Digest(string place) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(place)))[..24];

    static string Boot() => Of(() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());

    static string Network() => Of(() => File.ResolveLinkTarget("/proc/self/ns/net", returnFinalTarget: false)?.Name ?? "");

    static string Of(Func<string> read)
    {
        try { return read(); }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException) { return ""; }
    }
}
