using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;
using DirectoryPlatform.Web.Permissions;
using Microsoft.AspNetCore.Routing;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// Other tests find out that a door asks for what it declares. Whether it declares the right thing no program knows: it stands in
/// <c>tests/Web/who-may-open-what.txt</c>, a line for each page and route, so that a change of it is read by a person.
/// </summary>
[Trait("Rule", "S8")]
public sealed class WhoMayOpenWhat : OnInstallation
{
    static string Written => Path.Combine(Checkout.Root.FullName, "tests/Web/who-may-open-what.txt");

    [Fact]
    public async Task Every_page_and_route_asks_for_what_is_written_down()
    {
        await using var site = await WholeSite.On(Here);
        // Files, such as the style sheet, ask for nothing; that nothing else does is held by EveryRouteDeclaresItsPermission.
        var found = site.Routes.Where(r => r.Metadata.GetMetadata<RequiresAttribute>() is not null).Select(Line).Distinct()
            .Order(StringComparer.Ordinal).ToList();
        found.Count.ShouldBeGreaterThan(200);
        if (!(await File.ReadAllLinesAsync(Written)).SequenceEqual(found))
        {
            var proposal = Path.Combine(Path.GetTempPath(), Path.GetFileName(Written));
            await File.WriteAllLinesAsync(proposal, found);
            Assert.Fail($"Read the difference, and copy the new file over the old one when it is meant: diff {Written} {proposal}");
        }
    }

    static string Line(RouteEndpoint route)
    {
        var requires = route.Metadata.GetMetadata<RequiresAttribute>()!;
        var methods = route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } named
            ? string.Join(',', named.Order(StringComparer.Ordinal)) : "page";
        string?[] words = [$"/{route.RoutePattern.RawText!.TrimStart('/')}", methods, $"{requires.Permission}",
            requires.Scope is { } scope ? scope.Name() : requires.Bearer ? "bearer" : null,
            requires.Fresh ? "fresh" : requires.FreshToSend ? "fresh to send" : null];
        return string.Join(" | ", words.OfType<string>());
    }
}
