using System.Globalization;

namespace DirectoryPlatform.Cli.Shown;

/// <summary>How far a job is, on the error stream: a bar that is drawn over on a terminal, and elsewhere, such as in a log, a line for each
/// tenth.</summary>
sealed class ProgressBar : IDisposable
{
    const int Width = 30, Steps = 10;

    readonly bool _isTerminal = !Console.IsErrorRedirected;
    int _step = -1;
    bool _isOpen;

    public void Show(double percent, long done, long total, string state, double? secondsLeft)
    {
        var counted = string.Create(CultureInfo.InvariantCulture, $"{percent,3:0} %  {done:N0} of {total:N0}");
        var left = secondsLeft is { } seconds ? $", {Words(TimeSpan.FromSeconds(seconds))} left" : "";
        if (_isTerminal)
        {
            var full = (int)Math.Clamp(percent / 100 * Width, 0, Width);
            Console.Error.Write($"\r\e[K{new string('█', full)}{new string('░', Width - full)} {counted}  {state}{left}");
            _isOpen = true;
        }
        else if ((int)(percent / Steps) is var step && step != _step)
        {
            _step = step;
            Console.Error.WriteLine($"{counted}  {state}{left}");
        }
    }

    static string Words(TimeSpan time) => time.TotalMinutes < 1 ? $"{Math.Max(1, (int)time.TotalSeconds)} s"
        : time.TotalHours < 1 ? $"{(int)time.TotalMinutes} min" : $"{(int)time.TotalHours} h {time.Minutes} min";

    public void Dispose()
    {
        if (_isOpen) Console.Error.WriteLine();
    }
}
