using DirectoryPlatform.Web.Access;
using DirectoryPlatform.Web.Api;
using DirectoryPlatform.Web.Api.Document;
using DirectoryPlatform.Web.Api.Management;
using DirectoryPlatform.Web.Api.Scim;
using DirectoryPlatform.Web.Pages;
using DirectoryPlatform.Web.Pages.Account;
using DirectoryPlatform.Web.Pages.Demo;
using DirectoryPlatform.Web.Tags;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DirectoryPlatform.Web;

/// <summary>What the host calls to have pages.</summary>
public static class WebRegistration
{
    public static IServiceCollection AddWeb(this IServiceCollection services, WebSettings settings)
    {
        var secure = settings.SecureCookies ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        services.AddSingleton(settings);
        services.AddSingleton<MappedRoutes>();
        services.AddSingleton(s => new DialogPages(s.GetRequiredService<MappedRoutes>()));
        services.AddSingleton<BulkMenu>();
        services.AddSingleton<LiveStreams>();
        services.TryAddSingleton(new ApiSettings());
        services.AddSingleton<KeyLimits>();
        services.AddSingleton<ApiCursors>();
        services.AddSingleton<ScimAuthentication>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddHostedService<EveryRouteDeclares>();
        services.AddStepUp();
        Compression.Add(services);
        services.AddRazorPages(o => o.Conventions.Add(new PagesAtAddresses()))
            .AddCookieTempDataProvider(o => Keep(o.Cookie, settings.CookieName("notice"), SameSiteMode.Lax, secure));
        services.AddAntiforgery(o =>
        {
            Keep(o.Cookie, settings.CookieName("form"), SameSiteMode.Strict, secure);
            o.SuppressXFrameOptionsHeader = true; // SecurityHeaders says it, of every page alike.
        });
        // The framework's own filter stands before everything and would refuse probes by address; HostFilter does its work.
        services.Configure<Microsoft.AspNetCore.HostFiltering.HostFilteringOptions>(o => o.AllowedHosts = ["*"]);
        services.Configure<MvcOptions>(o =>
        {
            o.MaxModelBindingCollectionSize = BodyLimit.Values;
            // They read names such as a[b][c] as jQuery writes them, which no form of ours does, and throw at a name such as a[.
            o.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
            o.ValueProviderFactories.RemoveType<JQueryQueryStringValueProviderFactory>();
            o.Filters.Add(new AutoValidateAntiforgeryTokenAttribute());
            o.Filters.Add(new OutOfDateForms());
            o.Filters.Add(new UnknownMethods());
            o.Filters.Add<FreshProof>();
            o.Filters.Add<Dialog.Redirects>();
        });
        services.Configure<RouteOptions>(o => o.LowercaseUrls = true);
        services.Configure<FormOptions>(o => (o.MultipartBodyLengthLimit, o.ValueLengthLimit, o.ValueCountLimit) = (BodyLimit.Bytes,
            BodyLimit.ValueCharacters, BodyLimit.Values));
        services.Configure<KestrelServerOptions>(o =>
        {
            o.AddServerHeader = false;
            o.Limits.MaxRequestBodySize = BodyLimit.Bytes;
        });
        return services;

        static void Keep(CookieBuilder cookie, string name, SameSiteMode sameSite, CookieSecurePolicy secure) =>
            (cookie.Name, cookie.HttpOnly, cookie.SameSite, cookie.SecurePolicy, cookie.Path, cookie.IsEssential) = (name, true, sameSite,
                secure, "/", true);
    }

    /// <summary>Everything between the network and the endpoints, in the order in which a request meets it. Routes that the host maps
    /// itself declare their permission with <c>Requires</c>.</summary>
    public static void UseWeb(this WebApplication app)
    {
        // Files are served as they were built, also when started from a build folder:
        // reloading them would add a route that catches every missing file.
        app.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        StaticWebAssetsLoader.UseStaticWebAssets(app.Environment, app.Configuration);
        // Before its address is replaced by the visitor's.
        app.UseMiddleware<UntrustedProxy>();
        // First of all, so that whoever looks at an address sees the visitor's and not the proxy's.
        // Without a trusted proxy nobody's word counts.
        if (app.Services.GetRequiredService<WebSettings>().TrustedProxies is { Count: > 0 } proxies)
        {
            var trusted =
                new ForwardedHeadersOptions
                {
                    ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
                    ForwardLimit = null
                };
            trusted.KnownProxies.Clear();
            trusted.KnownIPNetworks.Clear();
            foreach (var proxy in proxies) trusted.KnownIPNetworks.Add(proxy);
            app.UseForwardedHeaders(trusted);
        }
        // TLS may end at a proxy in front of us: whether cookies must be secure is decided by the public address,
        // not by the last metre of wire.
        var scheme = app.Services.GetRequiredService<WebSettings>().PublicUrl.Scheme;
        app.Use((http, next) =>
        {
            http.Request.Scheme = scheme;
            return next(http);
        });
        app.UseMiddleware<RequestIds>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<HostFilter>();
        Compression.Use(app);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error/500",
            StatusCodeSelector = BadInput.StatusOf,
            SuppressDiagnosticsCallback = broke => app.Services.GetRequiredService<Outage>().Explains(broke.Exception),
        });
        app.UseMiddleware<EmptyDatabase>();
        app.UseStatusCodePagesWithReExecute("/error/{0}");
        app.UseMiddleware<ApiFaults>();
        app.UseMiddleware<HeadAsGet>();
        app.UseRouting();
        app.UseMiddleware<BadQueries>();
        app.UseMiddleware<Gate>();
        app.UseMiddleware<LeaveRoom>();
        app.UseMiddleware<BadForms>();
        app.UseMiddleware<AtTheDoor>();
        app.UseMiddleware<IdempotencyFilter>();
        app.MapStaticAssets();
        app.MapGet(IconTagHelper.SpriteRoute, IconTagHelper.Sprite).Requires(Permission.Anyone)
            .WithMetadata(new NoDoorAttribute("A file that is made once."));
        app.MapRazorPages().WithStaticAssets();
        app.MapDownloads();
        app.MapOldAddresses();
        app.MapPictures();
        app.MapApi();
        app.MapManagementApi();
        app.MapScim();
        app.MapOpenApi();
        app.MapDoor();
        app.MapSingleSignOn();
        LiveStreams.Map(app);
        MailAsHtml.Map(app);
        app.Services.GetRequiredService<MappedRoutes>().Sources = ((IEndpointRouteBuilder)app).DataSources;
    }
}
