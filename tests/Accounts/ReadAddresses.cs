using DirectoryPlatform.Accounts;

namespace DirectoryPlatform.Tests.Accounts;

[Trait("Rule", "N3")]
public sealed class ReadAddresses
{
    [Theory]
    [InlineData("a3@h4m.example\u200B")]
    [InlineData("\uFEFFa3@h4m.example\u2060")]
    [InlineData("\u202A\u200E\u00A0 a3@h4m.example\u00AD\u202C\r\n")]
    public void What_nobody_sees_at_the_edge_of_an_address_is_cut_off(string typed) =>
        EmailAddress.Parse(typed).Value.Value.ShouldBe("a3@h4m.example");

    [Theory]
    [InlineData("a3\u200B@h4m.example", "There is an invisible character, U+200B, after “a3”.")]
    [InlineData("a3@h4m\u00AD.example", "There is an invisible character, U+00AD, after “a3@h4m”.")]
    [InlineData("a3@\u202Eh4m.example", "There is an invisible character, U+202E, after “a3@”.")]
    public void Inside_the_sentence_names_it(string typed, string sentence) =>
        EmailAddress.Parse(typed).Refusal.ShouldBeOfType<InvalidValue>().Sentence.ShouldBe(sentence);

    /// <summary>RFC 5321, 4.5.3.1.3. What is read once is read again wherever it is given back.</summary>
    [Fact]
    public void The_length_is_that_of_what_is_kept_and_sent_to()
    {
        var (name, label) = (new string('a', 64), new string('ü', 44));
        var tooLong = $"{name}@{label}.{label}.{label}.{label}.example";
        tooLong.Length.ShouldBeLessThanOrEqualTo(254);
        EmailAddress.Parse(tooLong).Refusal.ShouldBeOfType<InvalidValue>().Sentence.ShouldStartWith("An email address has at most 254");
        var kept = EmailAddress.Parse($"{name}@{label}.{label}.{label}.example").Value;
        kept.Value.Length.ShouldBeInRange(200, 254);
        EmailAddress.Parse(kept.Value).Value.ShouldBe(kept);
    }
}
