using DirectoryPlatform.Tests.Browser.Pages;

namespace DirectoryPlatform.Tests.Browser.Hygiene;

/// <summary>Tests that leave the demo as they found it share one.</summary>
[CollectionDefinition(Name)]
public sealed class Demo : ICollectionFixture<Stops>
{
    public const string Name = "One demo, left as it was found";
}
