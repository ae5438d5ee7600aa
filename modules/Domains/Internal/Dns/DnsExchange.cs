using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace DirectoryPlatform.Domains.Internal.Dns;

/// <summary>What one server answered to one question: a message, or in <paramref name="Failure"/> why there is none.</summary>
readonly record struct DnsReply(DnsMessage? Message, TxtOutcome Failure = TxtOutcome.NoAnswer, string? Detail = null);

/// <summary>
/// One question to one server: over UDP with a random id from a random port (RFC 5452), once more over TCP when the answer was cut, once
/// more without EDNS where the server does not know it, and again from the start when nothing came.
/// </summary>
sealed class DnsExchange(DnsSettings settings)
{
    const int MostStrayPackets = 100; // somebody is guessing ids; stop listening

    public async Task<DnsReply> Ask(EndPoint server, string name, DnsType type, CancellationToken ct)
    {
        var reply = new DnsReply(null);
        var edns = true;
        for (var attempt = 0; attempt < settings.Attempts; attempt++)
        {
            reply = await Once(server, name, type, edns, ct);
            if (edns && reply.Message?.Code is DnsCode.FormatError or DnsCode.NotImplemented)
                reply = await Once(server, name, type, edns = false, ct);
            if (reply.Message is { Code: not DnsCode.ServerFailure })
                return reply;
        }
        return reply;
    }

    async Task<DnsReply> Once(EndPoint server, string name, DnsType type, bool edns, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(settings.Timeout);
        var question = DnsMessage.Question((ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1), name, type, edns);
        try
        {
            var address = await Located(server, limit.Token);
            var reply = await OverUdp(address, question, limit.Token);
            if (reply.Message is not { Truncated: true })
                return reply;
            limit.CancelAfter(settings.Timeout);
            return await OverTcp(address, question, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new DnsReply(null, TxtOutcome.NoAnswer,
                $"no answer within {settings.Timeout.TotalSeconds:0.###} s, asked {settings.Attempts} times");
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return new DnsReply(null, TxtOutcome.NoAnswer, error.Message);
        }
    }

    static async Task<IPEndPoint> Located(EndPoint server, CancellationToken ct) => server switch
    {
        DnsEndPoint named =>
            new IPEndPoint((await System.Net.Dns.GetHostAddressesAsync(named.Host, ct)) is [var first, ..]
                ? first
                : throw new SocketException((int)SocketError.HostNotFound), named.Port),
        _ => (IPEndPoint)server,
    };

    static async Task<DnsReply> OverUdp(IPEndPoint server, byte[] question, CancellationToken ct)
    {
        // Connected: the system drops what comes from other addresses, and tells when nothing listens there.
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, ct);
        await socket.SendAsync(question, ct);
        var buffer = new byte[ushort.MaxValue];
        for (var stray = 0; stray < MostStrayPackets; stray++)
        {
            var length = await socket.ReceiveAsync(buffer, ct);
            if (DnsMessage.IsAnswerTo(buffer.AsSpan(0, length), question))
                return Read(buffer.AsSpan(0, length));
        }
        return new DnsReply(null, TxtOutcome.Unreadable, "many packets that answer something else");
    }

    static async Task<DnsReply> OverTcp(IPEndPoint server, byte[] question, CancellationToken ct)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, ct);
        using var stream = new NetworkStream(socket);
        var framed = new byte[question.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)question.Length);
        question.CopyTo(framed, 2);
        await stream.WriteAsync(framed, ct);
        await stream.ReadExactlyAsync(framed.AsMemory(0, 2), ct);
        var packet = new byte[BinaryPrimitives.ReadUInt16BigEndian(framed)];
        await stream.ReadExactlyAsync(packet, ct);
        return DnsMessage.IsAnswerTo(packet, question)
            ? Read(packet)
            : new DnsReply(null, TxtOutcome.Unreadable, "an answer to another question");
    }

    static DnsReply Read(ReadOnlySpan<byte> packet) =>
        DnsMessage.Read(packet) is { } message ? new DnsReply(message) : new DnsReply(null, TxtOutcome.Unreadable, "a broken packet");
}
