using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DirectoryPlatform.Tests.Domains.Proof;

/// <summary>A name server on loopback that says whatever a test makes it say, over UDP and TCP: packets are put together by hand, so that
/// they may be wrong in any way.</summary>
sealed class OddServer : IDisposable
{
    /// <summary>Ports that are tried: one that is free for UDP may be taken for TCP.</summary>
    const int MostTries = 10;

    readonly UdpClient _udp;
    readonly TcpListener _tcp;
    readonly List<Asked> _asked = [];

    /// <param name="answer">To each question the packets that go back, in order.</param>
    public OddServer(Func<Asked, IEnumerable<Sent>> answer)
    {
        (_udp, _tcp) = Open();
        _ = Udp(answer);
        _ = Tcp(answer);
    }

    static (UdpClient Udp, TcpListener Tcp) Open()
    {
        for (var tries = 1; ; tries++)
        {
            var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            var tcp = new TcpListener(IPAddress.Loopback, ((IPEndPoint)udp.Client.LocalEndPoint!).Port);
            try
            {
                tcp.Start();
                return (udp, tcp);
            }
            catch (SocketException) when (tries < MostTries)
            {
                tcp.Dispose();
                udp.Dispose();
            }
        }
    }

    int Port => ((IPEndPoint)_udp.Client.LocalEndPoint!).Port;

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Over TCP; then the server closes it.</summary>
    public int QuestionsPerConnection { get; init; } = 1;

    public int Connections { get; private set; }

    public IReadOnlyList<Asked> Questions { get { lock (_asked) return [.. _asked]; } }

    /// <param name="Packet">As it came.</param>
    public sealed record Asked(byte[] Packet, bool OverTcp)
    {
        int End { get { var at = 12; while (Packet[at] != 0) at += Packet[at] + 1; return at + 5; } }

        public byte[] Question => Packet[12..End];

        public bool HasEdns => Packet[11] == 1;

        public string Name
        {
            get
            {
                var labels = new List<string>();
                for (var at = 12; Packet[at] != 0; at += Packet[at] + 1) labels.Add(Encoding.ASCII.GetString(Packet, at + 1, Packet[at]));
                return string.Join('.', labels);
            }
        }

        /// <summary>A whole answer to this question.</summary>
        /// <param name="flags">The third and fourth octet: 0x8180 is an answer without an error, the last digit the code.</param>
        public byte[] Answer(int flags, params byte[][] records) =>
            [.. Packet[..2], (byte)(flags >> 8), (byte)flags, 0, 1, 0, (byte)records.Length, 0, 0, 0, 0, .. Question,
                .. records.SelectMany(record => record)];
    }

    public sealed record Sent(byte[] Packet);

    /// <summary>A TXT record with the token that proves; by default of the name that was asked for.</summary>
    public static byte[] Proves(byte[]? owner = null)
    {
        var text = Encoding.ASCII.GetBytes($"directory-domain-verification={Proving.Token}");
        return [.. owner ?? [0xC0, 12], 0, 16, 0, 1, 0, 0, 0, 60, 0, (byte)(text.Length + 1), (byte)text.Length, .. text];
    }

    public static byte[] NameOf(string name) =>
        [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    async Task Udp(Func<Asked, IEnumerable<Sent>> answer)
    {
        try
        {
            while (await _udp.ReceiveAsync() is var question)
                foreach (var (i, sent) in answer(Note(new(question.Buffer, false))).Index())
                {
                    if (i > 0) await Task.Delay(20); // in this order
                    await _udp.SendAsync(sent.Packet, question.RemoteEndPoint);
                }
        }
        catch (Exception over) when (over is ObjectDisposedException or SocketException) { }
    }

    async Task Tcp(Func<Asked, IEnumerable<Sent>> answer)
    {
        try
        {
            while (true)
            {
                using var caller = await _tcp.AcceptTcpClientAsync();
                Connections++;
                try { for (var i = 0; i < QuestionsPerConnection; i++) await Hear(caller.GetStream(), answer); }
                catch (IOException) { } // the caller went away
            }
        }
        catch (Exception over) when (over is ObjectDisposedException or SocketException) { }
    }

    async Task Hear(NetworkStream stream, Func<Asked, IEnumerable<Sent>> answer)
    {
        var length = new byte[2];
        await stream.ReadExactlyAsync(length);
        var question = new byte[length[0] << 8 | length[1]];
        await stream.ReadExactlyAsync(question);
        foreach (var sent in answer(Note(new(question, true))))
            await stream.WriteAsync((byte[])[(byte)(sent.Packet.Length >> 8), (byte)sent.Packet.Length, .. sent.Packet]);
    }

    Asked Note(Asked asked)
    {
        lock (_asked) _asked.Add(asked);
        return asked;
    }

    public void Dispose()
    {
        _udp.Dispose();
        _tcp.Dispose();
    }
}
