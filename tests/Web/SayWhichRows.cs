using DirectoryPlatform.Web.Lists;
using DirectoryPlatform.Web.Pages.Directory.ManagedAccounts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DirectoryPlatform.Tests.Web;

/// <summary>"1–50 of 203" under a list whose pages know no number.</summary>
[Trait("Spec", "M1")]
public sealed class SayWhichRows
{
    static ListView View(string? row, int count, bool previous, bool next, long? counted)
    {
        var address = new Dictionary<string, StringValues> { ["at"] = previous ? "here" : "", ["row"] = row };
        var query = ListQuery.Of<ManagedAccountQuery>(new QueryCollection(address));
        return new("People", "/people", query, count, next ? "next" : null, previous ? "previous" : null) { Counted = counted };
    }

    [Theory]
    [InlineData(null, 50, false, true, 203L, "1–50 of 203")]
    [InlineData("51", 50, true, true, 203L, "51–100 of 203")]
    [InlineData("201", 3, true, false, 203L, "201–203 of 203")]
    // The ends are certain whatever the address says.
    [InlineData("999", 3, true, false, 203L, "201–203 of 203")]
    [InlineData("999", 50, false, true, 203L, "1–50 of 203")]
    [InlineData(null, 7, false, false, null, "1–7 of 7")]
    [InlineData("51", 4, true, false, null, "51–54 of 54")]
    // What is not counted is not said.
    [InlineData("51", 50, true, true, null, "51–100 of over 100")]
    [InlineData(null, 50, true, true, null, "50 rows")]
    [InlineData(null, 50, true, true, 203L, "50 of 203")]
    // What cannot be is not believed.
    [InlineData("1", 50, true, true, 203L, "50 of 203")]
    [InlineData("0", 50, true, true, 203L, "50 of 203")]
    [InlineData("-1", 50, true, true, 203L, "50 of 203")]
    [InlineData("154", 50, true, true, 203L, "50 of 203")]
    [InlineData("2147483648", 50, true, true, 203L, "50 of 203")]
    // Counters of seconds ago.
    [InlineData(null, 50, false, true, 1L, "1–50 of over 50")]
    [InlineData(null, 50, false, false, 1L, "1–50 of 50")]
    [InlineData("51", 3, true, false, 1L, "3 rows")]
    public void It_is_true(string? row, int count, bool previous, bool next, long? counted, string said) =>
        View(row, count, previous, next, counted).Place.ShouldBe(said);

    [Fact]
    public void Links_carry_the_number_of_their_first_row()
    {
        var view = View("51", 50, previous: true, next: true, 203);
        view.ToNext.ShouldBe("/people?at=next&row=101");
        view.ToPrevious.ShouldBe("/people?at=previous&row=1");
        View("999", 3, previous: true, next: false, 203).ToPrevious.ShouldBe("/people?at=previous&row=151");
        View(null, 50, previous: true, next: true, null).ToNext.ShouldBe("/people?at=next");
    }
}
