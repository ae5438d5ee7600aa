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
}
