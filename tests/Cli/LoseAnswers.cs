using System.Net;
using System.Text.RegularExpressions;
using DirectoryPlatform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DirectoryPlatform.Tests.Cli;

/// <summary>Connections that break after the work was done and before its answer arrived.</summary>
[Trait("Rule", "P9")]
public sealed partial class LoseAnswers : OnCommandLine
{
    /// <summary>Hands everything on to the product, and breaks the connection in place of the first of these answers.</summary>
    async Task<WebApplication> Breaking(Func<HttpRequest, HttpResponseMessage, bool> which)
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
            if (which(context.Request, answer) && Interlocked.Exchange(ref broken, 1) == 0)
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
        await using var proxy = await Breaking((request, _) => request.Method == "DELETE");
        var ended = await Run("directory groups delete Engineers --yes", key, null, ("DIRECTORY_URL", proxy.Urls.Single()));
        ended.Exit.ShouldBe(0, $"{ended}");
        (await Run("directory groups show Engineers", key)).Exit.ShouldBe(4);
        (await Run("directory groups delete Engineers --yes", key)).Exit.ShouldBe(4, "what was never there is not removed");
    }

    [Fact]
    public async Task A_creation_whose_answer_was_lost_is_done_once()
    {
        var key = (await Key(Acme, Ada)).Secret;
        await using var proxy = await Breaking((request, _) => request.Method == "POST");
        var ended = await Run("directory groups create Engineers", key, null, ("DIRECTORY_URL", proxy.Urls.Single()));
        ended.Exit.ShouldBe(0, $"{ended}");
        (await Run("directory groups list --search Engineers --json", key)).Said.Split("\"name\":\"Engineers\"").Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_key_that_did_not_arrive_is_told_of()
    {
        await using var proxy = await Breaking((request, answer) => request.Path == "/api/device-key" && answer.IsSuccessStatusCode);
        using var program = Begin($"directory sign-in {proxy.Urls.Single()} --scopes jobs:read");
        var shown = "";
        while (!Code().IsMatch(shown))
            shown += (await program.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)))
                .ShouldNotBeNull($"it ended and said {shown}") + "\n";
        await Here.Grant(new AnswerDeviceRequest(Code().Match(shown).Value, Acme, Ada, ["jobs:read"], By(Ada)));
        var errors = await program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        (program.ExitCode, File.Exists(Kept)).ShouldBe((1, false), errors);
        errors.ShouldContain("Revoke it");
    }

    [GeneratedRegex("[B-Z]{4}-[B-Z]{4}")]
    private static partial Regex Code();
}
