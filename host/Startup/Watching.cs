using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DirectoryPlatform.Host.Startup;

/// <summary>Sends metrics, traces and logs to an OTLP address when one is set (SPEC R6), and does nothing otherwise. All else is said by
/// OpenTelemetry's own variables.</summary>
static class Watching
{
    const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT", Ratio = "OTEL_TRACES_SAMPLER_ARG", ServiceName = "OTEL_SERVICE_NAME";

    /// <summary>OpenTelemetry's own default, in milliseconds; what waits is looked up half as often again.</summary>
    const int UsualInterval = 60_000;

    /// <summary>Whatever has a trace of its own: a request, and the product's own work. What others begin, such as each query of a loop
    /// that looks for work, would be 27 a second in an idle demo.</summary>
    const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    /// <param name="urls">Where the node listens.</param>
    public static void Add(WebApplicationBuilder builder, IConfiguration configuration, string urls)
    {
        if (configuration[Endpoint] is not { Length: > 0 }) return;
        var every = TimeSpan.FromMilliseconds(configuration.GetValue("OTEL_METRIC_EXPORT_INTERVAL", UsualInterval) / 2);
        var ratio = RatioOf(configuration);
        // Callers would choose with their headers which of their requests are seen, and under whose trace.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        builder.Services.AddSingleton<DistributedContextPropagator>(new OwnTraces());
        builder.Services.AddWatching(new WaitingWorkSettings(every));
        builder.Logging.AddOpenTelemetry(o => o.IncludeScopes = o.IncludeFormattedMessage = true);
        builder.Services.AddOpenTelemetry()
            // The environment last, because the operator's word counts.
            .ConfigureResource(r => r.AddService(configuration[ServiceName] ?? "directory-platform", serviceVersion: ProductVersion.Number,
                serviceInstanceId: Instance(configuration, urls)).AddAttributes(Build()).AddEnvironmentVariableDetector())
            // Not Npgsql's: pools that Orleans opens have no name, and are told by their connection string.
            .WithMetrics(m => m.AddMeter(Meters.Name, "Microsoft.Orleans").AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation().AddRuntimeInstrumentation())
            .WithTracing(t => t.AddSource(Spans.Source, "Npgsql", "Microsoft.Orleans.Application")
                .AddAspNetCoreInstrumentation(o => o.Filter = IsWorthATrace).AddHttpClientInstrumentation().AddProcessor(new WhereTo())
                .SetSampler(new ParentBasedSampler(new Roots(new TraceIdRatioBasedSampler(ratio)))))
            .UseOtlpExporter();
    }

    /// <summary>Not probes, and not streams that stay open for as long as a page.</summary>
    static bool IsWorthATrace(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/health") && http.Request.Headers.Accept != "text/event-stream";

    /// <exception cref="StartRefused"/>
    static double RatioOf(IConfiguration configuration) => configuration[Ratio] switch
    {
        null or "" => 1,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 =>
            ratio,
        var text => throw new StartRefused($"{Ratio} is \"{text}\", which is no number between 0 and 1."),
    };

    /// <summary>The same after each start, so that series go on, and another one for each node, those of one machine included.</summary>
    internal static string Instance(IConfiguration configuration, string urls) =>
        configuration["Cluster:Address"] is { Length: > 0 } address ? address
            : $"{Environment.MachineName}:{ListenAddresses.Read(urls)[0].Port}";

    /// <summary>Of the program, where the build knew it (SPEC R12).</summary>
    static IEnumerable<KeyValuePair<string, object>> Build()
    {
        if (ProductVersion.Commit is { } commit) yield return new("vcs.ref.head.revision", commit);
        if (ProductVersion.Day is { } day) yield return new("directory.build.day", day);
    }

    sealed class Roots(Sampler among) : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            samplingParameters is { Kind: ActivityKind.Consumer } or { Name: Request }
                ? among.ShouldSample(samplingParameters)
                : new(SamplingDecision.Drop);
    }

    /// <summary>Of a request to elsewhere the host alone: for a webhook's receiver the path may be all that admits.</summary>
    sealed class WhereTo : BaseProcessor<Activity>
    {
        const string Address = "url.full";

        public override void OnEnd(Activity data)
        {
            if (data.GetTagItem(Address) is not string address) return;
            data.SetTag(Address, Uri.TryCreate(address, UriKind.Absolute, out var url) ? url.GetLeftPart(UriPartial.Authority) : null);
        }
    }

    /// <summary>Each request begins a trace; who called it is not asked.</summary>
    sealed class OwnTraces : DistributedContextPropagator
    {
        public override IReadOnlyCollection<string> Fields => [];
        public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) { }

        public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
            null;

        public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId,
            out string? traceState) => (traceId, traceState) = (null, null);
    }
}
