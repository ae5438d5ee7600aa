using System.Diagnostics;
using System.Text.Json;
using DirectoryPlatform.Domains;

namespace DirectoryPlatform.Tests.Domains.Names;

public class ParseDomainName
{
    [Theory, Trait("Rule", "D2")]
    [InlineData("acme.com", "acme.com")]
    [InlineData("  ACME.Com.\t\n", "acme.com")]
    [InlineData("acme.example", "acme.example")]
    [InlineData("globex.example", "globex.example")]
    [InlineData("mail.acme.co.uk", "mail.acme.co.uk")]
    [InlineData("BÜCHER.example", "xn--bcher-kva.example")]
    [InlineData("xn--BCHER-kva.example", "xn--bcher-kva.example")]
    [InlineData("faß.de", "xn--fa-hia.de")]
    [InlineData("日本語.jp", "xn--wgv71a119e.jp")]
    [InlineData("ΑΒΓΔ.gr", "xn--mxacde.gr")]
    [InlineData("ทดสอบดู.com", "xn--l3cahn3fsa0g.com")]
    [InlineData("9-5.xn--p1ai", "9-5.xn--p1ai")]
    public void Every_spelling_of_a_name_becomes_one(string typed, string value) => DomainName.Parse(typed).Value.Value.ShouldBe(value);

    // RFC 3492, 7.1: samples (A, with and without its question mark), (B), (E), (I), (J), (K), in lower case.
    [Theory, Trait("Rule", "D2")]
    [InlineData("ليهمابتكلموشعربي؟", null)]
    [InlineData("ليهمابتكلموشعربي", "xn--mgbcah9ar9a4efegftvvn")]
    [InlineData("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye")]
    [InlineData("למההםפשוטלאמדבריםעברית", "xn--4dbcagdahymbxekheh6e0a7fei0b")]
    [InlineData("почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l")]
    [InlineData("porquénopuedensimplementehablarenespañol", "xn--porqunopuedensimplementehablarenespaol-fmd56a")]
    [InlineData("tạisaohọkhôngthểchỉnóitiếngviệt", "xn--tisaohkhngthchnitingvit-kjcr8268qyxafd2f1b9g")]
    public void Punycode_is_that_of_the_rfc(string label, string? encoded)
    {
        var name = DomainName.Parse(label + ".example");
        (name.Granted ? name.Value.Value : null).ShouldBe(encoded is null ? null : encoded + ".example");
        if (name.Granted)
            name.Value.Display.ShouldBe(label + ".example");
    }

    [Theory, Trait("Rule", "D2")]
    [InlineData(null, "domainNameMissing")]
    [InlineData(" \t ", "domainNameMissing")]
    [InlineData(".", "domainLabelEmpty")]
    [InlineData("acme..com", "domainLabelEmpty")]
    [InlineData(".acme.com", "domainLabelEmpty")]
    [InlineData("acme.com..", "domainLabelEmpty")]
    [InlineData("-acme.com", "domainLabelHyphens")]
    [InlineData("acme-.com", "domainLabelHyphens")]
    [InlineData("ab--cd.com", "domainLabelHyphens")]
    [InlineData("a_b.com", "domainCharacterRefused")]
    [InlineData("https://acme.com", "domainCharacterRefused")]
    [InlineData("liam@acme.com", "domainCharacterRefused")]
    [InlineData("acme com.de", "domainCharacterRefused")]
    [InlineData("ac\0me.com", "domainCharacterRefused")]
    [InlineData("ac\nme.com", "domainCharacterRefused")]
    [InlineData("ac\u007Fme.com", "domainCharacterRefused")]
    [InlineData("ac\u200Bme.com", "domainCharacterRefused")]
    [InlineData("ac\u200Dme.com", "domainCharacterRefused")]
    [InlineData("\uFEFFacme.com", "domainCharacterRefused")]
    [InlineData("acme\u202Ecom.de", "domainCharacterRefused")]
    [InlineData("acme。com", "domainCharacterRefused")]
    [InlineData("☃.net", "domainCharacterRefused")]
    [InlineData("\u0301acme.com", "domainCharacterRefused")]
    [InlineData("\u0378.com", "domainCharacterRefused")]
    public void What_no_name_is_made_of_is_refused(string? typed, string code) => Refused(typed, code);

    [Theory, Trait("Rule", "D2")]
    [InlineData("https://acme.com/path", ":")]
    [InlineData("acme.com/path", "/")]
    public void Who_pastes_a_URL_is_told_what_to_enter(string typed, string character) =>
        DomainName.Parse(typed).Refusal!.Sentence.ShouldBe($"A domain name cannot contain \"{character}\". "
            + "Enter only the domain, such as acme.com, without https://, a path or @.");

    [Fact, Trait("Rule", "D2")]
    public void Half_a_surrogate_pair_is_refused() => Refused("ac\uD800me.com", "domainCharacterRefused");

    [Theory, Trait("Rule", "D2")]
    [InlineData("ａcme.com")]
    [InlineData("ﬁrma.com")]
    [InlineData("acme\u2024com.de")]
    [InlineData("ac\u212Ame.com")]
    [InlineData("bu\u0308cher.example")]
    [InlineData("ＡＣＭＥ．ＣＯＭ")]
    [InlineData("²acme.com")]
    public void What_NFKC_would_change_is_refused(string typed) => Refused(typed, "domainNotNormalised");

    [Theory, Trait("Rule", "D2")]
    [InlineData("аcme.com")]      // Cyrillic а
    [InlineData("gοοgle.com")]    // Greek ο
    [InlineData("xn--cme-5cd.com")]
    public void Mixed_alphabets_are_refused_and_the_spelling_in_full_is_shown(string typed)
    {
        Refused(typed, "domainScriptsMixed");
        DomainName.Parse(typed).Refusal!.Sentence.ShouldContain("xn--");
    }

    [Theory, Trait("Rule", "D2")]
    [InlineData("асе.com", "xn--80ak9a.com")]              // Cyrillic throughout
    [InlineData("gmaıl-acme.com", "xn--gmal-acme-xpb.com")] // dotless i
    [InlineData("ɡoogle-acme.com", null)]                  // phonetic g
    public void A_name_of_look_alike_letters_is_shown_in_full_spelling(string typed, string? shown)
    {
        var name = DomainName.Parse(typed).Value;
        name.Display.ShouldBe(shown ?? name.Value);
        name.Display.ShouldStartWith("xn--");
    }

    [Theory, Trait("Rule", "D2")]
    [InlineData("xn--a.de")]
    [InlineData("xn--zzzzzzz99999.de")]
    [InlineData("xn--acme-.com")]
    [InlineData("xn--.com")]
    [InlineData("xn--acme.com")]
    public void An_encoding_of_nothing_is_refused(string typed) => DomainName.Parse(typed).Granted.ShouldBeFalse(typed);

    [Theory, Trait("Rule", "D3")]
    [InlineData("co.uk", "domainIsPublicSuffix")]
    [InlineData("github.io", "domainIsPublicSuffix")]
    [InlineData("anything.ck", "domainIsPublicSuffix")]
    [InlineData("公司.cn", "domainIsPublicSuffix")]
    [InlineData("gmail.com", "domainIsFreeMail")]
    [InlineData("GMail.com.", "domainIsFreeMail")]
    [InlineData("mailinator.com", "domainIsDisposableMail")]
    [InlineData("any.33m.co", "domainIsDisposableMail")]
    [InlineData("127.0.0.1", "domainIsAddress")]
    [InlineData("127.1", "domainIsAddress")]
    [InlineData("[::1]", "domainIsAddress")]
    [InlineData("2001:db8::1", "domainIsAddress")]
    [InlineData("acme.300", "domainIsAddress")]
    [InlineData("0x7f.0.0.1", "domainIsAddress")]
    [InlineData("localhost", "domainSingleLabel")]
    [InlineData("example", "domainSingleLabel")]
    [InlineData("com.", "domainSingleLabel")]
    public void What_no_organization_can_own_is_refused(string typed, string code) => Refused(typed, code);

    [Theory, Trait("Rule", "D2")]
    [InlineData(63, 1, true)]
    [InlineData(64, 1, false)]
    [InlineData(61, 4, true)]   // 4 × 62 + "acme." = 253
    [InlineData(62, 4, false)]
    public void Lengths_are_those_of_the_wire(int label, int times, bool granted)
    {
        var typed = string.Concat(Enumerable.Repeat(new string('a', label) + ".", times)) + "bc.de";
        DomainName.Parse(typed).Granted.ShouldBe(granted);
    }

    [Theory, Trait("Rule", "D2")]
    [InlineData("evilacme.com")]
    [InlineData("acme.com.evil.io")]
    [InlineData("acme.co")]
    [InlineData("mail.acme.com")]
    [InlineData("acme-com.com")]
    public void Another_name_never_matches(string other) => DomainName.Parse(other).Value.ShouldNotBe(DomainName.Parse("acme.com").Value);

    [Theory, Trait("Rule", "D5")]
    [InlineData("a.b.acme.co.uk", "acme.co.uk")]
    [InlineData("acme.example", "acme.example")]
    [InlineData("x.acme.example", "acme.example")]
    [InlineData("a.acme.github.io", "acme.github.io")]
    [InlineData("a.www.ck", "www.ck")]
    [InlineData("b.a.c.ck", "a.c.ck")]
    [InlineData("a.b.c.kobe.jp", "b.c.kobe.jp")]
    [InlineData("a.city.kobe.jp", "city.kobe.jp")]
    public void The_registrable_domain_is_one_label_more_than_the_public_suffix(string typed, string registrable) =>
        DomainName.Parse(typed).Value.RegistrableDomain.ShouldBe(registrable);

    [Theory, Trait("Rule", "D2")]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("ü")]
    public void Five_megabytes_of_nothing_are_answered_fast(string with)
    {
        DomainName.Parse("warm.example").Granted.ShouldBeTrue();
        var text = string.Concat(Enumerable.Repeat(with, 5_000_000));
        var watch = Stopwatch.StartNew();
        DomainName.Parse(text).Granted.ShouldBeFalse();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact, Trait("Rule", "D2")]
    public void A_name_survives_JSON_and_the_database()
    {
        var name = DomainName.Parse("Bücher.example").Value;
        JsonSerializer.Serialize(name).ShouldBe("\"xn--bcher-kva.example\"");
        JsonSerializer.Deserialize<DomainName>(JsonSerializer.Serialize(name)).ShouldBe(name);
        DomainName.Trusted(name.Value).ShouldBe(name);
        Should.Throw<ArgumentException>(() => DomainName.Trusted("Bücher.example"));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<DomainName>("\"A B\""));
    }

    static void Refused(string? typed, string code)
    {
        var outcome = DomainName.Parse(typed);
        outcome.Granted.ShouldBeFalse();
        outcome.Refusal!.Code.ShouldBe(code);
        outcome.Refusal.Sentence.ShouldEndWith(".");
        outcome.Refusal.Sentence.Any(char.IsControl).ShouldBeFalse();
    }
}
