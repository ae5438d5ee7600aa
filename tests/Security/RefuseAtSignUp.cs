using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.SigningIn;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>Names and addresses that a stranger cannot sign up with (SPEC A13, C4):
/// nothing of them is kept, so that all are tried on one installation.</summary>
[Trait("Rule", "A13")]
public sealed class RefuseAtSignUp(OneInstallation one) : IClassFixture<OneInstallation>
{
    const string Email = "nora@acme.example";

    static Origin ByNobody => TestInstallation.Console with { RequestId = $"{Guid.NewGuid():N}" };

    [Theory]
    [InlineData("0190a0f0000070008000000000000000@former-address.invalid")]
    [InlineData("somebody@FORMER-address.invalid")]
    public async Task Nobody_signs_up_with_what_stands_for_a_lost_address(string email) =>
        (await one.Here.Refuse(new SignUp(email, "Nora", ByNobody))).ShouldBeOfType<InvalidValue>().Field.ShouldBe("email");

    [Theory, Trait("Rule", "C4")]
    [InlineData("Urgent: your account is suspended, see https://evil.example/x"), InlineData("www.evil.example"),
        InlineData("WWW.EVIL.EXAMPLE"), InlineData("Visit evil.com now")]
    [InlineData("EVIL.COM"), InlineData("Evil.Com"), InlineData("go to login.acme-support.co.uk"), InlineData("boss@acme.example"),
        InlineData("evil。example"), InlineData("evil．example"), InlineData("ftp://x")]
    [InlineData("bank.example/login"), InlineData("Evil.Link"), InlineData("xn--evil.xn--p1ai")]
    public async Task Names_that_look_like_addresses_are_refused_at_sign_up(string name)
    {
        (await one.Here.Refuse(new SignUp(Email, name, ByNobody))).ShouldBeOfType<InvalidValue>().Field.ShouldBe("name");
        (await one.Here.Scalar<long>("select count(*) from kernel.mail")).ShouldBe(0);
    }

    [Theory, Trait("Rule", "C4")]
    [InlineData("J.R. Smith"), InlineData("J.R.R. Tolkien"), InlineData("Dr. Meier"), InlineData("Dr.Meier"), InlineData("St.John Rivers"),
        InlineData("Sammy Davis Jr."), InlineData("Nora Berg, Ph.D.")]
    [InlineData("Müller-Lüdenscheidt"), InlineData("O'Brien"), InlineData("李小龍"), InlineData("Ana Mª Gª. López"),
        InlineData("Nora (Sales & Ops)"), InlineData("Anne Marie 2nd"), InlineData("B.Sc. Nora")]
    public void Names_of_people_are_taken(string name) => StrangersName.LooksLikeAddress(name).ShouldBeFalse();
}
