using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Domains.Internal.Dns;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Domains.Proof;

/// <summary>Against real name servers, their records changed while they run.</summary>
[Collection(Alone.Name)]
public sealed class LookForTxtRecord : IClassFixture<OneNameServer>, IDisposable
{
    const string Zone = "acme.example", Challenge = "_directory-challenge";
    const string Right = $"\"directory-domain-verification={Proving.Token}\"";

    readonly OneNameServer _knot;
    readonly Proving _proving;

    public LookForTxtRecord(OneNameServer knot) =>
        (_knot, _proving) = (knot, new Proving(("Dns:Servers", knot.Address), ("Dns:TimeoutSeconds", "0.5"), ("Dns:Attempts", "1")));

    public void Dispose()
    {
        _proving.Dispose();
        _knot.Clear();
    }

    [Fact, Trait("Rule", "D7")]
    public async Task Nothing_published_is_said_with_the_resolver_and_the_time()
    {
        _knot.Set(Zone, "@", "MX", $"10 mail.{Zone}.");
        var evidence = await Look();
        evidence.ShouldSatisfyAllConditions(
            () => evidence.Proved.ShouldBeFalse(),
            () => evidence.Verdict.ShouldBe("noRecord"),
            () => evidence.Explanation.ShouldContain("_directory-challenge.acme.example"),
            () => evidence.Saw.Count.ShouldBe(2),
            () => evidence.Saw.ShouldAllBe(line => line.Source.StartsWith(_knot.Address) && line.What.Contains(" ms)")),
            () => evidence.At.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromSeconds(30)));
    }

    [Theory, Trait("Rule", "D4")]
    [InlineData(Challenge)]
    [InlineData("@")]
    public async Task The_record_is_seen_as_soon_as_it_is_there_and_gone_as_soon_as_it_is_not(string owner)
    {
        (await Look()).Proved.ShouldBeFalse();
        _knot.Set(Zone, owner, "TXT", Right);
        var evidence = await Look();
        evidence.Verdict.ShouldBe("proved", evidence.Explanation);
        evidence.Proved.ShouldBeTrue();
        evidence.Saw.ShouldContain(line => line.What.Contains(Proving.Token));
        _knot.Unset(Zone, owner, "TXT");
        (await Look()).Proved.ShouldBeFalse();
    }

    [Fact, Trait("Rule", "D5")]
    public async Task Every_record_is_looked_at_and_no_neighbour_hides_the_right_one()
    {
        _knot.Set(Zone, "@", "TXT", "\"v=spf1 -all\"", $"\"directory-domain-verification={new string('A', 64)}\"", "\"\"", "\"zzz\"");
        var without = await Look();
        without.Verdict.ShouldBe("otherValue");
        without.Explanation.ShouldContain("another token");
        _knot.Set(Zone, "@", "TXT", Right);
        var with = await Look();
        with.Verdict.ShouldBe("proved");
        with.Saw.Count(line => line.What.StartsWith("TXT ")).ShouldBe(5);
    }

    [Theory, Trait("Rule", "D5")]
    [InlineData("evildirectory-domain-verification=" + Proving.Token)]
    [InlineData("directory-domain-verification=" + Proving.Token + "A")]
    [InlineData("directory-domain-verification=")]
    [InlineData("directory-domain-verification= " + Proving.Token)]
    [InlineData("DIRECTORY-domain-verification=" + Proving.Token)]
    [InlineData(Proving.Token)]
    public async Task Almost_the_value_is_not_the_value(string value)
    {
        _knot.Set(Zone, Challenge, "TXT", $"\"{value}\"");
        (await Look()).Verdict.ShouldBe("otherValue");
    }

    [Fact, Trait("Rule", "D5")]
    public async Task The_strings_of_one_record_are_joined()
    {
        _knot.Set(Zone, Challenge, "TXT", $"\"directory-domain-\" \"verification={Proving.Token[..20]}\" \"{Proving.Token[20..]}\"");
        (await Look()).Verdict.ShouldBe("proved");
    }

    [Fact, Trait("Rule", "D5")]
    public async Task Answers_beyond_one_datagram_come_over_TCP()
    {
        _knot.Set(Zone, "@", "TXT",
            [.. Enumerable.Range(0, 12).Select(i => $"\"{i}{new string('x', 240)}\" \"{new string('y', 200)}\""), Right]);
        // With EDNS (RFC 6891) and room for 1232 octets.
        byte[] question = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, .. OddServer.NameOf(Zone), 0, 16, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];
        using var udp = new UdpClient("127.0.0.1", _knot.Port);
        await udp.SendAsync(question);
        var cut = (await udp.ReceiveAsync()).Buffer;
        (cut[2] & 2).ShouldBe(2, "TC, or this test proves nothing");

        var evidence = await Look();
        evidence.Verdict.ShouldBe("proved", evidence.Explanation);
        evidence.Saw.Count(line => line.What.StartsWith("TXT ")).ShouldBe(13);
        evidence.Saw.ShouldAllBe(line => line.What.Length <= 300);
    }

    [Fact, Trait("Rule", "D5")]
    public async Task A_CNAME_to_another_registrable_domain_is_not_accepted()
    {
        _knot.Set("elsewhere.example", "proof", "TXT", Right);
        _knot.Set(Zone, Challenge, "CNAME", "proof.elsewhere.example.");
        var evidence = await Look();
        evidence.Verdict.ShouldBe("cnameElsewhere");
        evidence.Proved.ShouldBeFalse();
        evidence.Explanation.ShouldContain("proof.elsewhere.example");
        evidence.Saw.ShouldContain(line => line.What.Contains(Proving.Token)); // the token was found there, and still
    }

    [Fact, Trait("Rule", "D5")]
    public async Task A_CNAME_within_the_registrable_domain_is_followed()
    {
        _knot.Set(Zone, "proof", "TXT", Right);
        _knot.Set(Zone, Challenge, "CNAME", $"proof.{Zone}.");
        var evidence = await Look();
        evidence.Verdict.ShouldBe("proved");
        evidence.Saw.ShouldContain(line => line.What == $"CNAME proof.{Zone}");
    }

    [Fact, Trait("Rule", "D5")]
    public async Task A_CNAME_that_leads_in_a_circle_ends()
    {
        _knot.Set(Zone, Challenge, "CNAME", $"b.{Zone}.");
        _knot.Set(Zone, "b", "CNAME", $"{Challenge}.{Zone}.");
        (await Look()).Proved.ShouldBeFalse();
    }

    [Fact, Trait("Rule", "D5")]
    public async Task Two_resolvers_that_disagree_are_named()
    {
        using var late = Knot.Start(Zone);
        using var proving = new Proving(("Dns:Servers:0", _knot.Address), ("Dns:Servers:1", late.Address));
        _knot.Set(Zone, Challenge, "TXT", Right);
        var evidence = await proving.Look(ProofMethod.Dns);
        evidence.Verdict.ShouldBe("resolversDisagree");
        evidence.Explanation.ShouldContain(_knot.Address);
        evidence.Explanation.ShouldContain(late.Address);
        late.Set(Zone, Challenge, "TXT", Right);
        (await proving.Look(ProofMethod.Dns)).Verdict.ShouldBe("proved");
    }

    [Fact, Trait("Rule", "D7")]
    public async Task A_server_that_is_silent_is_said_to_be()
    {
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var address = silent.Client.LocalEndPoint!.ToString()!;
        using var alone = new Proving(("Dns:Servers", address), ("Dns:TimeoutSeconds", "0.2"));
        var evidence = await alone.Look(ProofMethod.Dns);
        evidence.Verdict.ShouldBe("timeout");
        evidence.Explanation.ShouldContain(address);
        silent.Available.ShouldBeGreaterThan(0); // it was asked

        _knot.Set(Zone, Challenge, "TXT", Right);
        using var beside = new Proving(("Dns:Servers", $"{address}, {_knot.Address}"), ("Dns:TimeoutSeconds", "0.2"));
        var other = await beside.Look(ProofMethod.Dns);
        other.Verdict.ShouldBe("proved");
        other.Explanation.ShouldContain($"{address} did not answer");
    }

    [Fact, Trait("Rule", "D7")]
    public async Task A_port_where_nobody_listens_is_a_timeout_too()
    {
        using var free = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var address = free.Client.LocalEndPoint!.ToString()!;
        free.Close();
        using var proving = new Proving(("Dns:Servers", address), ("Dns:TimeoutSeconds", "0.2"));
        (await proving.Look(ProofMethod.Dns)).Verdict.ShouldBe("timeout");
    }

    [Fact, Trait("Rule", "D7")]
    public async Task A_name_that_does_not_exist_and_a_server_that_refuses_are_told_apart()
    {
        (await _proving.Look(ProofMethod.Dns, DomainName.Parse("nobody.acme.example").Value)).Verdict.ShouldBe("nameDoesNotExist");
        var refused = await _proving.Look(ProofMethod.Dns, DomainName.Parse("globex.example").Value);
        refused.Verdict.ShouldBe("serverFailed");
        refused.Explanation.ShouldContain("REFUSED");
    }

    [Fact, Trait("Rule", "D7")]
    public async Task What_strangers_publish_is_shown_harmless_and_bounded()
    {
        _knot.Set(Zone, "@", "TXT", "\"\\027[31m\\000\\010red\"");
        _knot.Set(Zone, Challenge, "TXT", [.. Enumerable.Range(0, 70).Select(i => $"\"{i}\"")]);
        var evidence = await Look();
        evidence.Saw.Count.ShouldBe(50);
        evidence.Saw.SelectMany(line => line.What).ShouldAllBe(c => !char.IsControl(c));
        var again = JsonSerializer.Deserialize<Evidence>(JsonSerializer.Serialize(evidence))!;
        again.Saw.ShouldBe(evidence.Saw);
        (again with { Saw = evidence.Saw }).ShouldBe(evidence);
    }

    [Fact, Trait("Rule", "D4")]
    public void A_token_is_48_random_bytes()
    {
        var tokens = Enumerable.Range(0, 1000).Select(_ => DomainToken.New()).ToList();
        tokens.Distinct().Count().ShouldBe(1000);
        tokens.ShouldAllBe(token => token.Length == 64 && Convert.FromBase64String(token).Length == 48);
    }

    Task<Evidence> Look() => _proving.Look(ProofMethod.Dns);
}
