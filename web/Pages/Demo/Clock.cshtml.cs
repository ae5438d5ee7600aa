using DirectoryPlatform.Kernel.Clocks;

namespace DirectoryPlatform.Web.Pages.Demo;

/// <summary>Lets time pass in the demo (SPEC R9).</summary>
[Requires(Permission.Demo)]
public sealed class ClockModel(IMediator mediator, WebSettings settings) : WebPage(mediator)
{
    public ClockView Clock { get; private set; } = null!;

    /// <summary>Time passes for everybody: where others come in, one of the demo's admins decides.</summary>
    public bool IsForAdmins => settings.AnyAddress && Visitor is not { AdminOf.Count: > 0 };

    public async Task OnGet() => Clock = await Send(new ReadClock());

    public async Task<IActionResult> OnPost(int? hours)
    {
        var step = MoveClock.Steps.Where(s => s.TotalHours == hours).Select(s => (TimeSpan?)s).FirstOrDefault();
        var moved = IsForAdmins ? new ForAdmins() : await Execute(new MoveClock(step));
        if (moved.Granted) return RedirectWithNotice("The clock was moved forward.", "/demo/clock");
        Clock = await Send(new ReadClock());
        return ShowError(moved.Refusal);
    }

    sealed record ForAdmins()
        : Kernel.Outcomes.Refusal("forAdmins", "This demo is open to others. Sign in as an admin to move its clock.");

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
