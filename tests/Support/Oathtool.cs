using System.Diagnostics;
using System.Globalization;

namespace DirectoryPlatform.Tests.Support;

/// <summary>An authenticator that is not ours (oathtool, Debian package of that name).</summary>
static class Oathtool
{
    public static async Task<string> Code(string key, DateTimeOffset at)
    {
        using var tool = Process.Start(new ProcessStartInfo("oathtool",
            ["--totp", "--base32", "--now", at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture), key])
        { RedirectStandardOutput = true })!;
        var code = (await tool.StandardOutput.ReadToEndAsync()).Trim();
        await tool.WaitForExitAsync();
        return code;
    }
}
