using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DirectoryPlatform.Host.Startup;

/// <summary>Whether the node is ready, and in a line each why not.</summary>
static class ReadyAnswer
{
    public static Task Write(HttpContext http, HealthReport report)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(string.Join('\n', Lines(report)), http.RequestAborted);
    }

    static IEnumerable<string> Lines(HealthReport report) =>
        report.Entries.Values.Where(e => e.Status is not HealthStatus.Healthy).Select(e => e.Description).OfType<string>()
            .Prepend($"{report.Status}");
}
