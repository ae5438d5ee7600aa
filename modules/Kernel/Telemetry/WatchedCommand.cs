using System.Diagnostics;

namespace DirectoryPlatform.Kernel.Telemetry;

/// <summary>Around each command: its span, its time and its outcome.</summary>
sealed class WatchedCommand<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse> where TRequest : notnull
{
    static readonly string Name = typeof(TRequest).Name;

    public async Task<TResponse> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<TResponse> next)
    {
        using var span = Spans.Step(Name);
        var (began, outcome) = (Stopwatch.GetTimestamp(), "failed");
        try
        {
            var answer = await next();
            outcome = answer is IOutcome { Refusal: { } refusal } ? refusal.Code : "granted";
            span?.SetTag("directory.outcome", outcome);
            return answer;
        }
        catch (Exception failed)
        {
            span.Failed(failed);
            throw;
        }
        finally
        {
            Meters.Commands.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, KeyValuePair.Create<string, object?>("command", Name),
                KeyValuePair.Create<string, object?>("outcome", outcome));
        }
    }
}
