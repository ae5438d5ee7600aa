using DirectoryPlatform.Domains;
using DirectoryPlatform.Domains.Internal.Dns;
using DirectoryPlatform.Domains.Internal.Proof;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryPlatform.Tests.Domains.Proof;

public class StandBeforeTheNetwork
{
    [Fact, Trait("Rule", "R3")]
    public async Task Another_lookup_answers_its_names_and_can_pass_on_the_rest()
    {
        var services = new ServiceCollection().AddDomainProof(new ConfigurationBuilder().Build());
        services.AddSingleton<ITxtLookup>(all => new BuiltIn(all.GetRequiredKeyedService<ITxtLookup>(ITxtLookup.Network)));
        await using var built = services.BuildServiceProvider();
        var evidence = await built.GetRequiredService<ProofOfDomain>()
            .Look(Proving.Acme, Proving.Token, ProofMethod.Dns, CancellationToken.None);
        evidence.Verdict.ShouldBe("proved");
        evidence.Saw.ShouldAllBe(line => line.Source.StartsWith("built-in zone"));
    }

    [Theory, Trait("Rule", "R7")]
    [InlineData("Dns:Servers", "acme:port")]
    [InlineData("Dns:Servers", "http://acme")]
    [InlineData("Dns:Servers", "1.1.1.1,2,3,4,5,6,7,8,9")]
    [InlineData("Dns:TimeoutSeconds", "soon")]
    [InlineData("Dns:Attempts", "0")]
    [InlineData("Https:Port", "65536")]
    [InlineData("Https:AllowPrivateAddresses", "perhaps")]
    public void A_setting_that_makes_no_sense_is_named(string key, string value) =>
        Should.Throw<InvalidOperationException>(() => { new Proving((key, value)).Dispose(); }).Message.ShouldContain(key);

    [Theory, Trait("Rule", "D5")]
    [InlineData("1.1.1.1", "1.1.1.1:53")]
    [InlineData("127.0.0.1:5353", "127.0.0.1:5353")]
    [InlineData("2001:db8::1", "[2001:db8::1]:53")]
    [InlineData("[::1]:54", "[::1]:54")]
    public void A_server_is_read_with_or_without_its_port(string text, string endPoint) =>
        new Proving(("Dns:Servers", text)).Get<DnsSettings>().Resolvers().ShouldHaveSingleItem().ToString().ShouldBe(endPoint);

    [Fact, Trait("Rule", "D5")]
    public void Without_servers_those_of_the_system_are_asked()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file,
            "# nameserver 9.9.9.9\nsearch example\nnameserver 192.0.2.1\nnameserver\tfd00::1 # inner\nnameserver nonsense\n");
        DnsSettings.System(file).Select(server => server.ToString()).ShouldBe(["192.0.2.1:53", "[fd00::1]:53"]);
        File.Delete(file);
        DnsSettings.System(file).Select(server => server.ToString()).ShouldBe(["127.0.0.1:53"]);
    }

    sealed class BuiltIn(ITxtLookup network) : ITxtLookup
    {
        public Task<IReadOnlyList<TxtAnswer>> Look(string name, CancellationToken ct) => name.EndsWith(".example", StringComparison.Ordinal)
            ? Task.FromResult<IReadOnlyList<TxtAnswer>>(
                [new TxtAnswer("built-in zone", TxtOutcome.Records, [DomainToken.TxtPrefix + Proving.Token], [], TimeSpan.Zero)])
            : network.Look(name, ct);
    }
}
