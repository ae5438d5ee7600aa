using DirectoryPlatform.Tests.Browser.Pages;

namespace DirectoryPlatform.Tests.Browser.Hygiene;

/// <summary>Tests that leave the demo as they found it share one, and take turns: each looks whether everything is as before.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDemo : ICollectionFixture<Furnished>
{
    public const string Name = "One demo, left as it was found";
}

/// <summary>Hands <see cref="Stops"/> to those who share it.</summary>
public sealed class Furnished : IAsyncLifetime
{
    public Stops Stops { get; private set; } = null!;

    public async Task InitializeAsync() => Stops = await Stops.Ready;

    public Task DisposeAsync() => Task.CompletedTask;
}
