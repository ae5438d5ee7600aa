using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DirectoryPlatform.Host.Startup;

/// <summary>Whether the node is ready, and in a line each why not. Degraded is answered 200, as the framework has it: balancers let such a
/// node serve, and only Unhealthy is 503.</summary>
static class ReadyAnswer
{
    public static HealthCheckOptions Options => new() { ResponseWriter = Write };

    public static Task Write(HttpContext http, HealthReport report)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(string.Join('\n', Lines(report)), http.RequestAborted);
    }

    static IEnumerable<string> Lines(HealthReport report) =>
        report.Entries.Values.Where(e => e.Status is not HealthStatus.Healthy).Select(e => e.Description).OfType<string>()
            .Prepend($"{report.Status}");
}
