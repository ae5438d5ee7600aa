using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Permissions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// Made from the routes: whatever is open to anyone asks at a door before anything dear, or says why it need not (SPEC S11).
/// </summary>
[Trait("Rule", "S11")]
public sealed class EveryDoorIsLimited(EveryDoorIsLimited.Strictly one) : IClassFixture<EveryDoorIsLimited.Strictly>
{
    /// <summary>Everybody has one question.</summary>
    public sealed class Strictly() : OneSite(nameof(EveryDoorIsLimited), services =>
        services.AddSingleton(new DoorSettings { Times = 0.001 }));

    /// <summary>What is sent: a route, and of a page the handler.</summary>
    sealed record DoorRequest(string Method, string Path, string? Handler, Door? Door, string? Why);

    static IEnumerable<DoorRequest> Everything(WholeSite site)
    {
        foreach (var route in site.Routes.Where(r => r.Metadata.GetMetadata<RequiresAttribute>() is { Permission: Permission.Anyone }))
        {
            var (path, doors) = ("/" + route.RoutePattern.RawText!.TrimStart('/'), route.Metadata.GetOrderedMetadata<DoorAttribute>());
            var without = route.Metadata.GetMetadata<NoDoorAttribute>();
            if (route.Metadata.GetMetadata<CompiledPageActionDescriptor>()?.HandlerTypeInfo is not { } page)
            {
                var method = route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single();
                yield return new(method, path, null, doors.Count == 0 ? null : doors[0].Door, without?.Why);
                continue;
            }
            var whole = doors.FirstOrDefault(d => d.Handlers is null)?.Door;
            if (whole is not null) yield return new("GET", path, null, whole, null);
            foreach (var handler in page.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(m => m.Name.StartsWith("OnPost", StringComparison.Ordinal)))
            {
                var name = handler.Name["OnPost".Length..];
                yield return new("POST", path, name, whole ?? doors.FirstOrDefault(d => d.Handlers?.Contains(name) == true)?.Door,
                    without is not null && (without.Handlers?.Contains(name) ?? true) ? without.Why : null);
            }
        }
    }

    [Fact]
    public async Task Whatever_is_open_to_anyone_declares_a_door_or_says_why_there_is_none()
    {
        var everything = Everything(one.Site).ToList();
        everything.Count.ShouldBeGreaterThan(20);
        everything.Where(s => s.Door is null == s.Why is null).Select(s => $"{s.Method} {s.Path} {s.Handler}")
            .ShouldBeEmpty("each has either a door or a reason");
        everything.Select(s => s.Door?.Name).OfType<string>().Distinct().Order()
            .ShouldBe(Doors.All.Select(d => d.Name).Order(), "and each door stands somewhere");
    }

    [Fact]
    public async Task Each_turns_away_who_asks_too_often_and_says_for_how_long()
    {
        var number = 0;
        foreach (var sent in Everything(one.Site).Where(s => s.Door is not null))
        {
            var what = $"{sent.Method} {sent.Path} {sent.Handler}";
            using var somebody = one.From($"192.0.2.{++number}");
            var token = await somebody.Token("/sign-in");
            using (var first = await Ask(somebody, sent, token, $"first{number}@mail.example"))
                first.StatusCode.ShouldNotBe(HttpStatusCode.TooManyRequests, $"{what}: {await first.Content.ReadAsStringAsync()}");
            using var second = await Ask(somebody, sent, token, $"second{number}@mail.example");
            second.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, what);
            int.Parse(second.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture)
                .ShouldBeInRange(1, (int)sent.Door!.Network.Per.TotalSeconds, what);
            var body = WebUtility.HtmlDecode(await second.Content.ReadAsStringAsync());
            body.ShouldMatch("Nothing was done. Try again in|Wait a minute", what);
            if (sent.Handler is not null && body.Contains("name=\"Input.Email\"", StringComparison.Ordinal))
                body.ShouldContain($"second{number}@mail.example", customMessage: what);
            OneSite.Move(somebody, $"198.51.100.{number}");
            // There is one code to guess, so that its target is everybody's.
            if (sent.Door == Doors.SetupCode) continue;
            using var elsewhere = await Ask(somebody, sent, token, $"third{number}@mail.example");
            elsewhere.StatusCode.ShouldNotBe(HttpStatusCode.TooManyRequests, $"{what} from another network");
        }
        number.ShouldBeGreaterThan(12);
    }

    static Task<HttpResponseMessage> Ask(SiteVisitor somebody, DoorRequest sent, string token, string email)
    {
        var path = sent.Path.Replace("{orgId:guid}", "0190a0f0-0000-7000-8000-000000000000", StringComparison.Ordinal);
        if (sent.Method == "GET") return somebody.Get(path);
        if (sent.Handler is null && path.StartsWith("/api/", StringComparison.Ordinal))
            return somebody.Client.PostAsJsonAsync(path, new { email, password = "violet lantern orbit" });
        return somebody.Send(sent.Handler is { Length: > 0 } handler ? $"{path}?handler={handler}" : path, token, ("Input.Email", email),
            ("Input.Name", "Nora New"), ("Input.Password", "violet lantern orbit"),
            ("Input.OrganizationName", "Acme"), ("Input.Code", "none"), ("Token", $"no-token-{email.Split('@')[0]}"));
    }

    [Fact]
    public async Task A_stranger_who_closes_the_sign_in_does_not_close_it_to_whoever_is_known()
    {
        var id = await one.Here.Account("liam@acme.example");
        await one.Here.Grant(new GivePassword([id], "violet lantern orbit"));
        (await SignIn("liam@acme.example")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await SignIn("nobody@acme.example")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, "one question from this network was all");
        for (var i = 0; i < 3; i++)
            (await SignIn("liam@acme.example")).StatusCode.ShouldBe(HttpStatusCode.Redirect,
                "who has signed in from it before is known there");

        async Task<HttpResponseMessage> SignIn(string email)
        {
            using var somebody = one.From("192.0.2.200");
            return await somebody.Post("/sign-in", ("Input.Email", email), ("Input.Password", "violet lantern orbit"));
        }
    }

    /// <summary>1,500 requests in twelve seconds had made 950 facts wait (SPEC S11): they do not come to the outbox any more.</summary>
    [Fact]
    public async Task Forgotten_passwords_by_the_hundred_make_nobodys_facts_wait()
    {
        await using var real = await TestInstallation.Fresh(
            nameof(EveryDoorIsLimited), services => services.AddSingleton(new DoorSettings { Patience = TimeSpan.FromSeconds(30) }));
        real.Clock.Stand();
        for (var i = 0; i < Proof.Size(100, 300); i++)
            await real.Send(new RequestPasswordReset($"p{i}@acme.example", new Origin(null, "web", "203.0.113.9")));
        (await real.Scalar<long>("select count(*) from kernel.outbox")).ShouldBe(Doors.ForgottenPassword.Network.AtOnce);
    }
}
