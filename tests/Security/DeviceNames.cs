using DirectoryPlatform.Security.Internal.Devices;

namespace DirectoryPlatform.Tests.Security;

/// <summary>What browsers say of themselves, and what people call that (SPEC S3).</summary>
[Trait("Rule", "S3")]
public sealed class DeviceNames
{
    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0", "Firefox on Windows")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        "Chrome on Windows")]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
        "Edge on Windows")]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/122.0.0.0",
        "Opera on Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
        "Safari on macOS")]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        + "Version/18.6 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData(
        "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        + "CriOS/140.0.7339.39 Mobile/15E148 Safari/604.1", "Chrome on iPad")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
        "Chrome on Android")]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) "
        + "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet on Android")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        "Chrome on ChromeOS")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer on Windows")]
    [InlineData("curl/8.14.1", "curl")]
    [InlineData("Backup/1.2 (Linux)", "Backup on Linux")]
    [InlineData("Firefox", "Firefox")]
    [InlineData("Mozilla/5.0", "Unknown device")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64)", "A program on Linux")]
    [InlineData("", "Unknown device")]
    [InlineData(" \t\r\n", "Unknown device")]
    [InlineData(null, "Unknown device")]
    [InlineData("a\u0000b\u2028c/1", "abc")]
    public void A_browser_is_called_by_its_name_and_its_system(string? agent, string name) => DeviceName.Of(agent).ShouldBe(name);

    [Fact]
    public void Whatever_is_sent_the_name_is_one_short_line()
    {
        foreach (var agent in (string[])[new('a', 100_000), new(' ', 100_000), string.Concat(Enumerable.Repeat("(", 5_000)), "/////",
            new string('x', 39) + "/1 Linux"])
            DeviceName.Of(agent).Length.ShouldBeInRange(1, DeviceName.Longest);
        DeviceName.Of("\uD83D").ShouldBe("Unknown device", "half a character is none");
        DeviceName.Given("  Nora’s\nphone  ").ShouldBe("Nora’sphone");
        DeviceName.Given(new('n', 500))!.Length.ShouldBe(DeviceName.Longest);
        foreach (var nothing in (string?[])[null, "", " ", "\0"]) DeviceName.Given(nothing).ShouldBeNull();
    }
}
