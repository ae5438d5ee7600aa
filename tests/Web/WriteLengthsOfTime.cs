using DirectoryPlatform.Web.Shared;

namespace DirectoryPlatform.Tests.Web;

/// <summary>Lengths of time as forms show and read them; programs get the stored number as ever.</summary>
public sealed class WriteLengthsOfTime
{
    [Theory]
    [InlineData(10_080, "7", "days"), InlineData(60, "1", "hours"), InlineData(90, "90", "minutes"), InlineData(43_200, "30", "days")]
    public void Minutes_are_shown_in_the_largest_unit_that_leaves_no_rest(int minutes, string number, string unit)
    {
        Duration.OfMinutes.Split(minutes).ShouldBe((number, unit));
        Duration.OfMinutes.Of(number, unit).ShouldBe(minutes, "and come back as they were");
    }

    [Theory]
    [InlineData(1, "1", "days"), InlineData(14, "2", "weeks"), InlineData(365, "1", "years"), InlineData(3_650, "10", "years")]
    public void So_are_days(int days, string number, string unit)
    {
        Duration.OfDays.Split(days).ShouldBe((number, unit));
        Duration.OfDays.Of(number, unit).ShouldBe(days);
    }

    [Theory]
    [InlineData("weeks", "1", "week"), InlineData("hours", " 1 ", "hour"), InlineData("days", "0", "days"),
        InlineData("years", "11", "years"), InlineData("minutes", null, "minutes")]
    public void The_unit_goes_by_the_number(string unit, string? number, string shown) => Duration.Named(unit, number).ShouldBe(shown);

    [Theory]
    [InlineData("many", "days", -1), InlineData("-1", "days", -1), InlineData("", "days", -1), InlineData(null, null, -1),
        InlineData("1", "fortnights", -1), InlineData("1.5", "hours", -1), InlineData(" 15 ", null, 15), InlineData("0", "days", 0),
        InlineData("2147483647", "days", int.MaxValue), InlineData("99999999999", "minutes", -1)]
    public void What_is_none_becomes_a_number_that_is_refused(string? number, string? unit, int read) =>
        Duration.OfMinutes.Of(number, unit).ShouldBe(read);
}
