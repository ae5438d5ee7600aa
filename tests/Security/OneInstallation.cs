using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>One installation for all tests of a class, which leave each other alone.</summary>
public sealed class OneInstallation : IAsyncLifetime
{
    public TestInstallation Here { get; private set; } = null!;

    public async Task InitializeAsync() => Here = await TestInstallation.Fresh(nameof(OneInstallation));

    public async Task DisposeAsync() => await Here.DisposeAsync();
}
