using DirectoryPlatform.Host.Startup;
using DirectoryPlatform.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>What was sealed opens wherever the program lies: the framework by itself takes the folder for a part of the key (SPEC S14).
/// </summary>
[Trait("Rule", "S14")]
public sealed class OpenWhereverTheProgramLies : OnOwnDatabase
{
    [Fact]
    public async Task What_one_node_sealed_opens_on_a_node_whose_program_lies_elsewhere()
    {
        string text;
        await using (var node = Node(At("/opt/one"))) text = Protector(node).Protect("words");
        await using (var node = Node(At("/srv/other"))) Protector(node).Unprotect(text).ShouldBe("words");
    }

    [Fact]
    public async Task What_was_sealed_under_the_folder_of_an_earlier_version_still_opens_after_it_is_upgraded_and_moved()
    {
        string text;
        // As the framework does by itself.
        var earlier = new ServiceCollection().AddLogging().AddDataProtection().Services
            .Configure<KeyManagementOptions>(o => o.XmlRepository = new DataProtectionKeys(Pool, null));
        At("/opt/one")(earlier);
        await using (var before = earlier.BuildServiceProvider()) text = Protector(before).Protect("words");
        // As the migration leaves it where keys are there already.
        await Execute("update kernel.protection set application = null");
        // A command, which is no host and has no folder, decides nothing.
        await using (var command = new ServiceCollection().AddLogging()
            .AddModules(new ConfigurationBuilder().Build(), ConnectionString, false, demo: false, new("http://localhost"))
            .BuildServiceProvider())
            Protector(command).Protect("words").ShouldNotBeEmpty();
        await using (var node = Node(At("/opt/one"))) Protector(node).Unprotect(text).ShouldBe("words");
        await using (var node = Node(At("/srv/other"))) Protector(node).Unprotect(text).ShouldBe("words");
    }

    static Action<IServiceCollection> At(string folder) =>
        services => services.AddSingleton<IHostEnvironment>(new HostingEnvironment { ContentRootPath = folder });

    TestInstallation Node(Action<IServiceCollection> more) => TestInstallation.On(ConnectionString, services =>
    {
        services.AddSingleton(new KeySettings(null));
        more(services);
    });

    static IDataProtector Protector(TestInstallation node) => Protector(node.Services);

    static IDataProtector Protector(IServiceProvider services) =>
        services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
}
