using System.Diagnostics;
using System.Net;
using System.Text;
using DirectoryPlatform.Domains.Internal.Dns;
using DirectoryPlatform.Tests.Domains.Proof;

namespace DirectoryPlatform.Tests.Domains.Dns;

/// <summary>Packets put together by hand, sent by a server that was asked: what is read of them, and that none does harm.</summary>
[Trait("Rule", "D5")]
public sealed class ReadDnsMessage
{
    const string Name = "_directory-challenge.acme.example";
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    static async Task<DnsReply> Hear(Func<OddServer.Asked, byte[]> answer, string name = Name)
    {
        using var server = new OddServer(asked => [new(answer(asked))]);
        return await Ask(server, name);
    }

    static DnsExchange Exchange => new(new([], Limit, 1));

    static Task<DnsReply> Ask(OddServer server, string name = Name, DnsExchange? exchange = null) =>
        (exchange ?? Exchange).Ask(IPEndPoint.Parse(server.Address), name, DnsType.Txt, default);

    static Task<DnsReply> Hear(params byte[][] records) => Hear(asked => asked.Answer(0x8180, records));

    static async Task ShouldBeRefused(params byte[][] records)
    {
        var reply = await Hear(records);
        (reply.Message, reply.Failure).ShouldBe((null, TxtOutcome.Unreadable));
    }

    [Fact]
    public async Task A_good_answer_is_read()
    {
        var reply = await Hear([0xC0, 12, .. Record(DnsType.Cname, [1, (byte)'P', 0xC0, 33])],
            [1, (byte)'p', 0xC0, 33, .. Record(DnsType.Txt, Text("one", "two"))]);
        reply.Message!.Answers.ShouldBe([new DnsRecord(Name, DnsType.Cname, Target: "p.acme.example"),
            new DnsRecord("p.acme.example", DnsType.Txt, Text: "onetwo")]);
    }

    [Theory]
    [InlineData("xn--bcher-kva.example"), InlineData("xn--ls8h.example"), InlineData("a.xn--xn--a-0.example")]
    [InlineData("_a.xn--.example")]
    public async Task A_name_in_Punycode_is_asked_for_whatever_it_stands_for(string name)
    {
        var reply = await Hear(asked => asked.Answer(0x8180, [0xC0, 12, .. Record(DnsType.Txt, Text("x"))]), name);
        reply.Message.ShouldNotBeNull(reply.Detail).Answers.ShouldBe([new DnsRecord(name, DnsType.Txt, Text: "x")]);
    }

    [Fact]
    public async Task Letters_are_large_and_small_at_random_and_must_come_back_so()
    {
        using var server = new OddServer(asked => [new(asked.Answer(0x8180))]);
        for (var i = 0; i < 5; i++) (await Ask(server)).Message.ShouldNotBeNull();
        server.Questions.Select(q => q.Name).Distinct().Count().ShouldBeGreaterThan(3);
        server.Questions.ShouldAllBe(q => q.Name.Equals(Name, StringComparison.OrdinalIgnoreCase));
        // Somebody who guesses does not know them.
        (await Hear(asked => [.. asked.Packet[..2], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, .. OddServer.NameOf(Name), 0, 16, 0, 1]))
            .Failure.ShouldBe(TxtOutcome.Unreadable);
    }

    [Fact]
    public async Task A_record_of_another_class_is_not_one_of_the_internets()
    {
        var chaos = Record(DnsType.Txt, Text("x"));
        chaos[3] = 3;
        (await Hear([0xC0, 12, .. chaos])).Message!.Answers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Pointers_to_themselves_are_refused()
    {
        byte self = (byte)(12 + Name.Length + 6);
        await ShouldBeRefused([0xC0, self, .. Record(DnsType.Txt, Text("x"))]);
        await ShouldBeRefused([1, (byte)'a', 0xC0, self, .. Record(DnsType.Txt, Text("x"))]);
    }

    [Fact]
    public async Task Lengths_that_overrun_are_refused()
    {
        await ShouldBeRefused([0xC0, 12, .. Record(DnsType.Txt, [5, (byte)'x'])]);
        await ShouldBeRefused([0xC0, 12, .. Record(DnsType.A, [1, 2, 3])]);
        await ShouldBeRefused([0xC0, 12, .. Record(DnsType.Txt, Text("whole"))[..^1]]);
        var counted = await Hear(asked => { var packet = asked.Answer(0x8180); packet[7] = 200; return packet; });
        (counted.Message, counted.Failure).ShouldBe((null, TxtOutcome.Unreadable));
    }

    [Fact]
    public async Task Control_characters_in_a_name_are_shown_by_their_numbers()
    {
        var reply = await Hear([0xC0, 12, .. Record(DnsType.Cname, [3, (byte)'a', 0, 27, 1, (byte)'\\', 0])]);
        reply.Message!.Answers.ShouldHaveSingleItem().Target.ShouldBe(@"a\000\027.\\");
    }

    [Fact]
    public async Task Random_and_mutated_packets_are_answered_without_a_throw()
    {
        var random = new Random(1035);
        using var server = new OddServer(asked =>
        {
            byte[] packet;
            lock (random)
            {
                if (random.Next(4) == 0) random.NextBytes(packet = new byte[random.Next(300)]);
                else
                {
                    packet = asked.Answer(0x8180, [0xC0, 12, .. Record(DnsType.Cname, [1, (byte)'p', 0xC0, 33])],
                        [1, (byte)'p', 0xC0, 33, .. Record(DnsType.Txt, Text("one", "two"))]);
                    for (var changes = random.Next(4); changes > 0; changes--)
                        packet[random.Next(packet.Length)] = random.Next(3) == 0 ? (byte)0xC0 : (byte)random.Next(256);
                    packet = packet[..random.Next(random.Next(2) == 0 ? packet.Length : packet.Length / 2, packet.Length + 1)];
                }
            }
            return [new(packet)];
        });
        var (read, refused) = (0, 0);
        for (var i = 0; i < Support.Proof.Size(500, 20_000); i++) _ = (await Ask(server)).Message is null ? refused++ : read++;
        read.ShouldBeGreaterThan(Support.Proof.Size(50, 2_000));
        refused.ShouldBeGreaterThan(Support.Proof.Size(50, 2_000));
    }

    [Fact]
    public async Task Over_TCP_connections_are_taken_up_again()
    {
        using var server = CutOverUdp(3);
        var exchange = Exchange;
        for (var i = 0; i < 6; i++) (await Ask(server, exchange: exchange)).Message.ShouldNotBeNull();
        server.Questions.Count(q => q.OverTcp).ShouldBe(6);
        server.Connections.ShouldBeLessThan(6);
    }

    [Fact]
    public async Task However_many_connections_the_server_has_closed_an_answer_comes()
    {
        using var server = CutOverUdp(1);
        var exchange = Exchange;
        for (var round = 0; round < 3; round++)
            foreach (var reply in await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Ask(server, exchange: exchange))))
                reply.Message.ShouldNotBeNull(reply.Detail);
    }

    static OddServer CutOverUdp(int questionsPerConnection) =>
        new(asked => [new(asked.Answer(asked.OverTcp ? 0x8180 : 0x8380))]) { QuestionsPerConnection = questionsPerConnection };

    [Fact]
    public async Task The_worst_packet_of_64_KiB_ends_with_the_time_that_is_set()
    {
        using var server = new OddServer(asked =>
        {
            if (!asked.OverTcp) return [new(asked.Answer(0x8380))];
            // A name of 25 KB, and thousands of records that point to it.
            byte[] labels = [.. Enumerable.Range(0, 400).SelectMany(_ => (byte[])[63, .. new byte[63]]), 0];
            var at = asked.Answer(0x8180).Length + 12;
            byte[] packet = [.. asked.Answer(0x8180, [0xC0, 12, .. Record((DnsType)10, labels)]),
                .. Enumerable.Range(0, 3_000).SelectMany(_ =>
                    (byte[])[(byte)(0xC0 | at >> 8), (byte)at, .. Record(DnsType.Txt, [])])];
            (packet[6], packet[7]) = (3_001 >> 8, 3_001 & 0xFF);
            return [new(packet)];
        });
        var watch = Stopwatch.StartNew();
        await Ask(server);
        watch.Elapsed.ShouldBeLessThan(2 * Limit + TimeSpan.FromSeconds(5), "over UDP, and over TCP");
    }

    static byte[] Record(DnsType type, byte[] data) =>
        [0, (byte)type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data];

    static byte[] Text(params string[] strings) =>
        [.. strings.SelectMany(text => (byte[])[(byte)text.Length, .. Encoding.ASCII.GetBytes(text)])];
}
