using DirectoryPlatform.Kernel.Clocks;

namespace DirectoryPlatform.Web.Pages.Demo;

/// <summary>Lets time pass in the demo (SPEC R9).</summary>
[Requires(Permission.Demo)]
public sealed class ClockModel(IMediator mediator) : WebPage(mediator)
{
    public ClockView Clock { get; private set; } = null!;

    public async Task OnGet() => Clock = await Send(new ReadClock());

    public async Task<IActionResult> OnPost(int? hours)
    {
        var step = MoveClock.Steps.Where(s => s.TotalHours == hours).Select(s => (TimeSpan?)s).FirstOrDefault();
        var moved = await Execute(new MoveClock(step));
        if (moved.Granted) return RedirectWithNotice("The clock was moved forward.", "/demo/clock");
        Clock = await Send(new ReadClock());
        return ShowError(moved.Refusal);
    }

    /// <summary>"1 hour", "37 days 3 hours".</summary>
    public static string Words(TimeSpan time)
    {
        var (days, hours) = ((long)time.TotalDays, (long)time.Hours);
        return (days, hours) switch
        {
            (0, _) => hours.Of("hour", "hours"),
            (_, 0) => days.Of("day", "days"),
            _ => $"{days.Of("day", "days")} {hours.Of("hour", "hours")}",
        };
    }
}
