using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DirectoryPlatform.Tests.Cli;

/// <summary>Connections that break after the work was done and before its answer arrived.</summary>
[Trait("Rule", "P9")]
public sealed class LoseAnswers : OnCommandLine
{
    /// <summary>Hands everything on to the product, and breaks the connection in place of the first answer to this method.</summary>
    async Task<WebApplication> Breaking(string method)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var proxy = builder.Build();
        var broken = 0;
        proxy.Run(async context =>
        {
            using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method),
                new Uri(Listening.Address, $"{context.Request.Path.ToUriComponent()}{context.Request.QueryString}"));
            if (context.Request.ContentType is { } type)
            {
                request.Content = new StreamContent(context.Request.Body);
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            }
            foreach (var name in (string[])["Authorization", "Idempotency-Key"])
                if (context.Request.Headers.TryGetValue(name, out var value))
                    request.Headers.TryAddWithoutValidation(name, $"{value}");
            using var answer = await client.SendAsync(request);
            var said = await answer.Content.ReadAsStringAsync();
            if (context.Request.Method == method && Interlocked.Exchange(ref broken, 1) == 0)
            {
                context.Abort();
                return;
            }
            context.Response.StatusCode = (int)answer.StatusCode;
            if (said.Length > 0) await context.Response.WriteAsync(said);
        });
        await proxy.StartAsync();
        return proxy;
    }

    [Fact]
    public async Task A_removal_whose_answer_was_lost_is_done()
    {
        var key = (await Key(Acme, Ada)).Secret;
        (await Run("directory groups create Engineers", key)).Exit.ShouldBe(0);
        await using var proxy = await Breaking("DELETE");
        var ended = await Run("directory groups delete Engineers --yes", key, null, ("DIRECTORY_URL", proxy.Urls.Single()));
        ended.Exit.ShouldBe(0, $"{ended}");
        (await Run("directory groups show Engineers", key)).Exit.ShouldBe(4);
        (await Run("directory groups delete Engineers --yes", key)).Exit.ShouldBe(4, "what was never there is not removed");
    }

    [Fact]
    public async Task A_creation_whose_answer_was_lost_is_done_once()
    {
        var key = (await Key(Acme, Ada)).Secret;
        await using var proxy = await Breaking("POST");
        var ended = await Run("directory groups create Engineers", key, null, ("DIRECTORY_URL", proxy.Urls.Single()));
        ended.Exit.ShouldBe(0, $"{ended}");
        (await Run("directory groups list --search Engineers --json", key)).Said.Split("\"name\":\"Engineers\"").Length.ShouldBe(2);
    }
}
