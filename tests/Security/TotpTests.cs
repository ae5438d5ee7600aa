using System.Security.Cryptography;
using System.Text;
using DirectoryPlatform.Security.Internal.TwoStep;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>One-time passwords against the RFCs' own vectors and against an independent
/// authenticator (oathtool, Debian package of that name).</summary>
[Trait("Rule", "S2")]
public sealed class TotpTests
{
    static readonly byte[] RfcSecret = "12345678901234567890"u8.ToArray();

    /// <summary>RFC 6238, appendix B, the rows of SHA-1.</summary>
    [Theory]
    [InlineData(59L, "94287082")]
    [InlineData(1111111109L, "07081804")]
    [InlineData(1111111111L, "14050471")]
    [InlineData(1234567890L, "89005924")]
    [InlineData(2000000000L, "69279037")]
    [InlineData(20000000000L, "65353130")]
    public void Are_those_of_rfc_6238(long second, string code) =>
        Totp.Code(RfcSecret, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(second)), digits: 8).ShouldBe(code);

    /// <summary>RFC 4226, appendix D.</summary>
    [Fact]
    public void Are_those_of_rfc_4226() => Enumerable.Range(0, 10).Select(i => Totp.Code(RfcSecret, i)).ShouldBe(
        ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]);

    /// <summary>RFC 4648, section 10, without padding.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Keys_are_written_as_rfc_4648_says(string bytes, string text) => Totp.Typed(Encoding.ASCII.GetBytes(bytes)).ShouldBe(text);

    [Fact]
    public async Task Another_authenticator_that_was_given_the_key_shows_the_same_codes()
    {
        for (var i = 0; i < 12; i++)
        {
            var secret = RandomNumberGenerator.GetBytes(Totp.SecretBytes);
            var at = DateTimeOffset.FromUnixTimeSeconds(RandomNumberGenerator.GetInt32(int.MaxValue));
            (await Oathtool.Code(Totp.Typed(secret), at))
                .ShouldBe(Totp.Code(secret, Totp.StepAt(at)), $"{Convert.ToHexString(secret)} at {at:O}");
        }
    }

    [Fact]
    public void A_clock_may_be_one_step_off_to_either_side_and_no_more()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_015);
        var step = Totp.StepAt(now);
        for (var off = -3; off <= 3; off++)
            Totp.Matches(RfcSecret, Totp.Code(RfcSecret, step + off), now).ShouldBe(Math.Abs(off) <= 1 ? [step + off] : []);
        foreach (var wrong in (string[])["", "1", "abcdef", "0000000", "\0\0\0\0\0\0", "１２３４５６"])
            Totp.Matches(RfcSecret, wrong, now).ShouldBeEmpty();
    }
}
