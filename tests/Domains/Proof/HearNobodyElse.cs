using DirectoryPlatform.Domains;
using static DirectoryPlatform.Tests.Domains.Proof.OddServer;

namespace DirectoryPlatform.Tests.Domains.Proof;

/// <summary>What is not the answer of the server that was asked, to the question that it was asked, proves nothing (RFC 5452, 9.1), and
/// does not keep the answer from being heard.</summary>
[Trait("Rule", "D5")]
public sealed class HearNobodyElse
{
    static async Task<Evidence> Look(OddServer server, int attempts = 1)
    {
        using var proving = new Proving(("Dns:Servers", server.Address), ("Dns:TimeoutSeconds", "1"), ("Dns:Attempts", $"{attempts}"));
        return await proving.Look(ProofMethod.Dns);
    }

    static byte[] With(byte[] packet, int at, int value)
    {
        packet[at] = (byte)value;
        return packet;
    }

    static Sent NoSuchName(OddServer.Asked asked) => new(asked.Answer(0x8183));

    public static TheoryData<string> Strangers() =>
        ["another id", "another name", "other letters", "another type", "another class", "no question", "two questions", "a question",
            "another kind of message", "nothing at all", "three octets"];

    static Sent Stranger(string kind, OddServer.Asked asked)
    {
        var packet = asked.Answer(0x8180, Proves());
        return kind switch
        {
            "another id" => new(With(packet, 0, packet[0] ^ 1)),
            "other letters" => new([.. packet[..13], .. packet[13..(12 + asked.Name.Length)].Select(o => char.IsAsciiLetter((char)o)
                ? (byte)(o ^ 0x20) : o), .. packet[(12 + asked.Name.Length)..]]),
            "another name" => new(With(packet, 14, 'x')),
            "another type" => new(With(packet, 12 + asked.Question.Length - 3, 1)),
            "another class" => new(With(packet, 12 + asked.Question.Length - 1, 3)),
            "no question" => new([.. With(packet, 5, 0)[..12], .. Proves(NameOf(asked.Name))]),
            "two questions" => new([.. With(packet, 5, 2)[..12], .. asked.Question, .. asked.Question, .. Proves()]),
            "a question" => new(With(packet, 2, 0x01)),
            "another kind of message" => new(With(packet, 2, 0xA9)),
            "nothing at all" => new([]),
            "three octets" => new(packet[..3]),
            _ => throw new ArgumentException(kind),
        };
    }

    [Theory, MemberData(nameof(Strangers))]
    public async Task A_stranger_who_is_faster_proves_nothing(string kind)
    {
        using var server = new OddServer(asked => asked.OverTcp ? [NoSuchName(asked)] : [Stranger(kind, asked), NoSuchName(asked)]);
        var evidence = await Look(server);
        (evidence.Proved, evidence.Verdict).ShouldBe((false, "nameDoesNotExist"), kind);
    }

    [Theory, MemberData(nameof(Strangers))]
    public async Task A_stranger_who_is_faster_hides_nothing(string kind)
    {
        using var server = new OddServer(asked =>
            [.. asked.OverTcp ? (Sent[])[] : [Stranger(kind, asked), Stranger(kind, asked)], new(asked.Answer(0x8180, Proves()))]);
        (await Look(server)).Verdict.ShouldBe("proved", kind);
    }

    [Theory]
    [InlineData(0x8181), InlineData(0x8184)]
    public async Task A_server_that_does_not_know_EDNS_is_asked_without(int refusal)
    {
        using var server = new OddServer(asked => [new(asked.HasEdns ? asked.Answer(refusal) : asked.Answer(0x8180, Proves()))]);
        (await Look(server)).Verdict.ShouldBe("proved");
        server.Questions.Count(q => q.HasEdns).ShouldBe(server.Questions.Count(q => !q.HasEdns));
    }

    [Fact]
    public async Task A_record_of_another_name_in_the_answer_proves_nothing()
    {
        using var server = new OddServer(asked =>
            [new(asked.Answer(0x8180, Proves(NameOf("acme.test")), Proves(NameOf("x." + asked.Name)), Proves(NameOf("example"))))]);
        (await Look(server)).Verdict.ShouldBe("noRecord");
    }

    [Fact]
    public async Task The_name_is_the_same_in_capital_letters()
    {
        using var server = new OddServer(asked => [new(asked.Answer(0x8180, Proves(NameOf(asked.Name.ToUpperInvariant()))))]);
        (await Look(server)).Verdict.ShouldBe("proved");
    }

    [Fact]
    public async Task What_is_said_to_be_cut_is_asked_for_over_TCP_and_not_believed()
    {
        using var server = new OddServer(asked => [new(asked.OverTcp ? asked.Answer(0x8180, Proves()) : asked.Answer(0x8380))]);
        (await Look(server)).Verdict.ShouldBe("proved");
        server.Questions.Count(q => q.OverTcp).ShouldBe(2, "each of the two names");
        using var taken = new OddServer(asked => [new(asked.OverTcp ? asked.Answer(0x8180) : asked.Answer(0x8380, Proves()))]);
        (await Look(taken)).Verdict.ShouldBe("noRecord");
    }

    [Fact]
    public async Task Over_TCP_an_answer_to_something_else_proves_nothing_either()
    {
        using var server = new OddServer(asked =>
            [asked.OverTcp ? Stranger("another id", asked) : new(asked.Answer(0x8380))]);
        (await Look(server)).Proved.ShouldBeFalse();
    }

    [Theory]
    [InlineData(1, false), InlineData(2, true)]
    public async Task A_server_that_failed_is_asked_as_often_as_is_set(int attempts, bool proved)
    {
        var failed = new HashSet<string>();
        using var server = new OddServer(asked =>
        {
            lock (failed) return [new(failed.Add(asked.Name.ToLowerInvariant()) ? asked.Answer(0x8182) : asked.Answer(0x8180, Proves()))];
        });
        (await Look(server, attempts)).Proved.ShouldBe(proved);
    }

    [Fact]
    public async Task Every_server_is_asked_and_each_of_them_about_both_names()
    {
        var servers = Enumerable.Range(0, 8).Select(_ => new OddServer(asked => [new(asked.Answer(0x8180, Proves()))])).ToList();
        using var proving = new Proving(("Dns:Servers", string.Join(',', servers.Select(s => s.Address))));
        (await proving.Look(ProofMethod.Dns)).Verdict.ShouldBe("proved");
        foreach (var server in servers)
        {
            server.Questions.Select(q => q.Name.ToLowerInvariant()).Order().ShouldBe(["_directory-challenge.acme.example", "acme.example"]);
            server.Dispose();
        }
    }
}
