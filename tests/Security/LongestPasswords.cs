using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>How long a password may be (SPEC S1): each length by somebody else, on one installation.</summary>
[Trait("Rule", "S1")]
public sealed class LongestPasswords(OneInstallation one) : IClassFixture<OneInstallation>
{
    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [InlineData(1_000_000, false)]
    public async Task A_password_has_eight_to_a_hundred_characters(int length, bool accepted)
    {
        var (email, by) = ($"n{length}@free.example", TestInstallation.Console with { RequestId = $"{Guid.NewGuid():N}" });
        await one.Here.Grant(new SignUp(email, "New", by));
        var link = await one.Here.Scalar<string>("select letter->>'link' from kernel.mail where recipient = @email", new { email });
        (await one.Here.Send(new FinishSignUp(link!.Split("token=")[1], Hard(length), TestInstallation.Console))).Granted
            .ShouldBe(accepted);
    }

    /// <summary>Nothing that a meter could find in it.</summary>
    static string Hard(int length) => new([.. Enumerable.Range(0, length).Select(i => (char)('!' + (i * 37 + i * i * 11) % 90))]);
}
