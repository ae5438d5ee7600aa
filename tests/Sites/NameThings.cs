using DirectoryPlatform.Accounts;
using DirectoryPlatform.Accounts.Internal.AddressLists;
using DirectoryPlatform.Sites;

namespace DirectoryPlatform.Tests.Sites;

public sealed class NameThings
{
    [Theory]
    [InlineData("Développeurs", true)]
    [InlineData("a", true)]
    [InlineData("", false)]
    [InlineData("  ", false)]
    [InlineData("a\nb", true)]
    [InlineData("\u200B", false)]
    [InlineData("\u202Egpj.exe", false)]
    [InlineData("a\uFFFDb", false)]
    [InlineData("a\u2066b", false)]
    public void Names_are_one_line_of_text_that_reads_as_it_stands(string name, bool taken) =>
        PlainText.ReadName(name, "name").Granted.ShouldBe(taken);

    [Fact]
    public void Addresses_are_split_as_people_paste_them() =>
        ReadAddressListHandler.OfText(" a@b.test, c@d.test;e@f.test\r\ng@h.test\t\n").Value.Entries
            .ShouldBe(["a@b.test", "c@d.test", "e@f.test", "g@h.test"]);
}
