using DirectoryPlatform.Security;
using DirectoryPlatform.Web.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace DirectoryPlatform.Tests.Web;

[Trait("Spec", "S8")]
public sealed class EveryRouteDeclaresItsPermission(EveryRouteDeclaresItsPermission.OneMore one)
    : IClassFixture<EveryRouteDeclaresItsPermission.OneMore>
{
    /// <summary>With a route of the host that declares by itself.</summary>
    public sealed class OneMore : IAsyncLifetime
    {
        internal WebUnderTest Web { get; private set; } = null!;

        public async Task InitializeAsync() =>
            Web = await WebUnderTest.Start(more: app => app.MapGet("/open", () => "hello").Requires(Permission.Anyone));

        public async Task DisposeAsync() => await Web.DisposeAsync();
    }

    [Fact]
    public void Every_page_and_download_declares_one()
    {
        var declared = one.Web.Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<RequiresAttribute>() is not null)
            .ToList();

        declared.Count.ShouldBeGreaterThan(25);
        declared.ShouldContain(e => e.RoutePattern.RawText == "o/{orgId:guid}/members");
        declared.ShouldContain(e => e.RoutePattern.RawText!.EndsWith("results.csv", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_host_does_not_start_while_a_route_declares_none()
    {
        var start = await Should.ThrowAsync<InvalidOperationException>(() =>
            WebUnderTest.Start(more: app => app.MapGet("/forgotten", () => "hello")));

        start.Message.ShouldContain("/forgotten");
    }

    [Fact]
    public async Task A_route_of_the_host_may_declare_by_itself()
    {
        (await one.Web.Client().GetStringAsync("/open")).ShouldBe("hello");
    }

    [Theory]
    [InlineData("/o/{id:guid}/things")]
    [InlineData("/things")]
    public void A_permission_of_an_organization_needs_one_in_the_path(string path)
    {
        var route = new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse(path), 0,
            new EndpointMetadataCollection(new RequiresAttribute(Permission.ManageDomains)), "things");

        Should.Throw<InvalidOperationException>(() => EveryRouteDeclares.Check([route])).Message.ShouldContain("things");
    }

    [Fact]
    public void An_organization_in_the_path_is_enough()
    {
        var route = new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/o/{orgId:guid}/things"), 0,
            new EndpointMetadataCollection(new RequiresAttribute(Permission.ManageDomains)), "things");

        EveryRouteDeclares.Check([route]);
    }
}
