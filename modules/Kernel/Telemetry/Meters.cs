using System.Diagnostics.Metrics;

namespace DirectoryPlatform.Kernel.Telemetry;

/// <summary>What the product counts for whoever watches it (SPEC R6). Tags have few values each: kinds and codes.</summary>
public static class Meters
{
    public const string Name = "DirectoryPlatform";

    static readonly Meter All = new(Name);

    /// <summary>Seconds that a command took, by <c>command</c> and <c>outcome</c>: granted, a refusal's code, or failed.</summary>
    public static Histogram<double> Commands { get; } = All.CreateHistogram("directory.command.duration", "s",
        "Time of a command, by its outcome", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        });

    /// <summary>By <c>state</c>, and by <c>way</c>: grain or direct.</summary>
    public static Counter<long> Turns { get; } = All.CreateCounter<long>("directory.turns", "{turn}", "Commands to one grain");

    /// <summary>By <c>answer</c>: in, sign_in, not_found, scope, limited.</summary>
    public static Counter<long> Gate { get; } = All.CreateCounter<long>("directory.gate.answers", "{answer}",
        "Requests judged by the gate");

    /// <summary>By <c>fact</c>.</summary>
    public static Counter<long> Facts { get; } = All.CreateCounter<long>("directory.facts.delivered", "{fact}", "Facts told to listeners");

    /// <summary>By <c>job</c>, the kind.</summary>
    public static Counter<long> JobItems { get; } = All.CreateCounter<long>("directory.job.items", "{item}", "Items that jobs have done");

    /// <summary>By <c>outcome</c>: sent, later, never.</summary>
    public static Counter<long> Mails { get; } = All.CreateCounter<long>("directory.mails", "{try}", "Tries to send an email");

    /// <summary>By <c>outcome</c>: taken, failed.</summary>
    public static Counter<long> Webhooks { get; } = All.CreateCounter<long>("directory.webhook.deliveries", "{try}",
        "Deliveries to webhooks");

    /// <summary>By <c>limit</c>: a door's name, or key.</summary>
    public static Counter<long> Limited { get; } = All.CreateCounter<long>("directory.limits.refused", "{request}",
        "Requests that came too often");

    /// <summary>One of its tags.</summary>
    public static void Count(this Counter<long> counter, string tag, string value, long by = 1) =>
        counter.Add(by, KeyValuePair.Create<string, object?>(tag, value));
}
