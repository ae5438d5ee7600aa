using System.Diagnostics;

namespace DirectoryPlatform.Kernel.Telemetry;

/// <summary>What the product does, as spans for whoever collects traces (SPEC R6). They say kinds and codes, never an id of a person, an
/// address or a value. Nobody listens unless the host was told where to send them; then each costs next to nothing.</summary>
public static class Spans
{
    public const string Source = "DirectoryPlatform";

    static readonly ActivitySource All = new(Source);

    /// <summary>Work that nobody waits for, such as a delivery: it begins a trace of its own.</summary>
    public static Activity? Work(string name) => All.StartActivity(name, ActivityKind.Consumer);

    /// <summary>A step of whatever is going on.</summary>
    public static Activity? Step(string name) => All.StartActivity(name);

    public static void Failed(this Activity? span, Exception failed) => span?.SetStatus(ActivityStatusCode.Error, failed.GetType().Name);
}
