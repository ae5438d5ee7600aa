using System.Diagnostics;
using System.Text;
using DirectoryPlatform.Domains.Internal.Dns;

namespace DirectoryPlatform.Tests.Domains.Dns;

public class ReadDnsMessage
{
    const string Name = "_directory-challenge.acme.example";
    static readonly byte[] Question = DnsMessage.Question(0x1234, Name, DnsType.Txt, edns: false);

    [Fact, Trait("Rule", "D5")]
    public void A_good_answer_is_read()
    {
        var packet = Answer([0xC0, 12, .. Record(DnsType.Cname, [1, (byte)'P', 0xC0, 33])],
            [1, (byte)'p', 0xC0, 33, .. Record(DnsType.Txt, Text("one", "two"))]);
        DnsMessage.IsAnswerTo(packet, Question).ShouldBeTrue();
        var message = DnsMessage.Read(packet)!;
        message.Answers.ShouldBe([new DnsRecord(Name, DnsType.Cname, Target: "p.acme.example"),
            new DnsRecord("p.acme.example", DnsType.Txt, Text: "onetwo")]);
    }

    [Fact, Trait("Rule", "D5")]
    public void An_answer_to_another_question_is_not_ours()
    {
        byte[] Changed(int at, byte with) { var packet = Answer(); packet[at] = with; return packet; }
        DnsMessage.IsAnswerTo(Answer(), Question).ShouldBeTrue();
        DnsMessage.IsAnswerTo(Changed(0, 0x13), Question).ShouldBeFalse("id");
        DnsMessage.IsAnswerTo(Changed(2, 0x01), Question).ShouldBeFalse("a question, not a response");
        DnsMessage.IsAnswerTo(Changed(14, (byte)'x'), Question).ShouldBeFalse("name");
        DnsMessage.IsAnswerTo(Changed(Question.Length - 3, 1), Question).ShouldBeFalse("type");
        DnsMessage.IsAnswerTo(Changed(Question.Length - 1, 3), Question).ShouldBeFalse("class");
        DnsMessage.IsAnswerTo(Changed(5, 0), Question).ShouldBeFalse("no question");
    }

    [Fact, Trait("Rule", "D5")]
    public void Pointers_that_lead_forward_or_to_themselves_are_refused()
    {
        byte self = (byte)Question.Length;
        DnsMessage.Read(Answer([0xC0, self, .. Record(DnsType.Txt, Text("x"))])).ShouldBeNull();
        DnsMessage.Read(Answer([0xC0, (byte)(self + 2), .. Record(DnsType.Txt, Text("x"))])).ShouldBeNull();
        DnsMessage.Read(Answer([1, (byte)'a', 0xC0, self, .. Record(DnsType.Txt, Text("x"))])).ShouldBeNull();
    }

    [Fact, Trait("Rule", "D5")]
    public void Lengths_that_overrun_are_refused()
    {
        DnsMessage.Read(Answer([0xC0, 12, .. Record(DnsType.Txt, [5, (byte)'x'])])).ShouldBeNull();
        DnsMessage.Read(Answer([0xC0, 12, .. Record(DnsType.A, [1, 2, 3])])).ShouldBeNull();
        var cut = Answer([0xC0, 12, .. Record(DnsType.Txt, Text("whole"))])[..^1];
        DnsMessage.Read(cut).ShouldBeNull();
        var counted = Answer();
        counted[7] = 200;
        DnsMessage.Read(counted).ShouldBeNull();
    }

    [Fact, Trait("Rule", "D5")]
    public void Dots_and_control_characters_inside_a_label_cannot_pass_for_another_name()
    {
        var message = DnsMessage.Read(Answer([0xC0, 12, .. Record(DnsType.Cname, [6, .. "a.acme"u8, 1, 0, 0])]))!;
        message.Answers.ShouldHaveSingleItem().Target.ShouldBe(@"a\046acme.\000");
    }

    [Fact, Trait("Rule", "D5")]
    public void Random_and_mutated_packets_are_answered_without_a_throw()
    {
        var random = new Random(1035);
        byte[][] seeds =
        [
            Answer([0xC0, 12, .. Record(DnsType.Cname, [1, (byte)'p', 0xC0, 33])],
                [1, (byte)'p', 0xC0, 33, .. Record(DnsType.Txt, Text("one", "two"))]),
            Answer([.. Enumerable.Range(0, 40).SelectMany(_ => (byte[])[0xC0, 12, .. Record(DnsType.Txt, Text("x"))])]),
            Question,
        ];
        seeds[1][7] = 40;
        var watch = Stopwatch.StartNew();
        var (read, refused) = (0, 0);
        for (var i = 0; i < Support.Proof.Size(20_000, 100_000); i++)
        {
            byte[] packet;
            if (i % 4 == 0)
                random.NextBytes(packet = new byte[random.Next(300)]);
            else
            {
                packet = [.. seeds[random.Next(seeds.Length)]];
                for (var changes = random.Next(1, 6); changes > 0; changes--)
                    packet[random.Next(packet.Length)] = random.Next(3) == 0 ? (byte)0xC0 : (byte)random.Next(256);
                packet = packet[..random.Next(packet.Length / 2, packet.Length + 1)];
            }
            DnsMessage.IsAnswerTo(packet, Question);
            if (DnsMessage.Read(packet) is null) refused++; else read++;
        }
        read.ShouldBeGreaterThan(Support.Proof.Size(100, 1_000));
        refused.ShouldBeGreaterThan(1000);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact, Trait("Rule", "D5")]
    public void The_worst_packet_of_64_KiB_is_read_in_no_time()
    {
        var ladder = new List<byte>(Answer());
        for (var at = ladder.Count; ladder.Count < 16_000; at += 2) // each pointer to the one before
            ladder.AddRange([(byte)(0xC0 | ((at == Question.Length ? 12 : at - 2) >> 8)), (byte)(at == Question.Length ? 12 : at - 2)]);
        var packet = ladder.Concat(Enumerable.Range(0, 4000).SelectMany(_ => (byte[])[0xFE, 0x00, .. Record(DnsType.Txt, [])])).Take(65_535)
            .ToArray();
        (packet[4], packet[5], packet[6], packet[7]) = (0x1F, 0xFF, 0xFF, 0xFF);
        var watch = Stopwatch.StartNew();
        DnsMessage.Read(packet);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    static byte[] Answer(params byte[][] records) =>
        [.. Question[..2], 0x81, 0x80, 0, 1, 0, (byte)records.Length, 0, 0, 0, 0, .. Question[12..],
            .. records.SelectMany(record => record)];

    static byte[] Record(DnsType type, byte[] data) =>
        [0, (byte)type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data];

    static byte[] Text(params string[] strings) =>
        [.. strings.SelectMany(text => (byte[])[(byte)text.Length, .. Encoding.ASCII.GetBytes(text)])];
}
