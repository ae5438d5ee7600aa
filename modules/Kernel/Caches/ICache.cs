namespace DirectoryPlatform.Kernel.Caches;

/// <summary>
/// What one node remembers of rows that it could read again. A cache is a service of its node, never static: two nodes in one process share
/// nothing, and whoever replaces the rows under a running node
/// (a restored backup, a test's database that is given back) can drop all of them.
/// </summary>
public interface ICache
{
    /// <summary>From now on everything is read anew.</summary>
    void Forget();
}

public static class CacheRegistration
{
    /// <summary>One for the node, found by its own type and as <see cref="ICache"/>.</summary>
    public static IServiceCollection AddCache<TCache>(this IServiceCollection services) where TCache : class, ICache =>
        services.AddSingleton<TCache>().AddSingleton<ICache>(all => all.GetRequiredService<TCache>());
}
