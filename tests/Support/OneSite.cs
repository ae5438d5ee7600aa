using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Support;

/// <summary>One node for all tests of a class, each of which comes from networks and asks for people of its own.</summary>
/// <param name="name">The class.</param>
/// <param name="more">How the node differs from others.</param>
public abstract class OneSite(string name, Action<IServiceCollection> more) : IAsyncLifetime
{
    internal TestInstallation Here { get; private set; } = null!;
    internal WholeSite Site { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Here = await TestInstallation.Fresh(name);
        Site = await WholeSite.On(Here, services =>
        {
            services.AddSingleton<IStartupFilter, AddressByHeader>();
            more(services);
        });
    }

    public async Task DisposeAsync()
    {
        await Site.DisposeAsync();
        await Here.DisposeAsync();
    }

    /// <summary>A browser at this address.</summary>
    internal SiteVisitor From(string address)
    {
        var visitor = Site.Somebody();
        Move(visitor, address);
        return visitor;
    }

    /// <summary>The same browser is somewhere else from now on.</summary>
    internal static void Move(SiteVisitor visitor, string address)
    {
        visitor.Client.DefaultRequestHeaders.Remove(AddressByHeader.Name);
        visitor.Client.DefaultRequestHeaders.Add(AddressByHeader.Name, address);
    }

    /// <summary>The address is the browser's word, here alone.</summary>
    sealed class AddressByHeader : IStartupFilter
    {
        public const string Name = "X-Test-Address";

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, go) =>
            {
                http.Connection.RemoteIpAddress = IPAddress.Parse(http.Request.Headers[Name].FirstOrDefault() ?? "203.0.113.250");
                return go(http);
            });
            next(app);
        };
    }
}
