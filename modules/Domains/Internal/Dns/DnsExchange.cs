using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using DnsClient;

namespace DirectoryPlatform.Domains.Internal.Dns;

/// <summary>What one server answered to one question: a message, or in <paramref name="Failure"/> why there is none.</summary>
readonly record struct DnsReply(DnsMessage? Message, TxtOutcome Failure = TxtOutcome.NoAnswer, string? Detail = null);

/// <summary>
/// One question to one server, by DnsClient: over UDP from a random port, once more without EDNS where the server does not know it, and
/// again from the start when nothing came. What is no answer to this very question ends the talk over UDP at once, so that whoever guesses
/// has one guess (RFC 5452, 9), and the question is asked over TCP, where nobody else can speak; so is one whose answer was cut. The
/// letters of the name are large and small at random, and must come back so. With the port that is all that cannot be foreseen: the
/// library takes its ids from <see cref="Random"/>.
/// </summary>
sealed class DnsExchange(DnsSettings settings)
{
    /// <summary>The payload that fits every path unfragmented (DNS flag day 2020).</summary>
    const int UdpPayload = 1232;

    /// <summary>One for all questions over TCP, each of which names its server: it takes connections up again for five seconds, and closes
    /// older ones at its next question. A client for each question would leave them open until memory is cleaned up.</summary>
    readonly LookupClient _overTcp = new(new LookupClientOptions(new NameServer(IPAddress.Loopback)) { AutoResolveNameServers = false });

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
        try
        {
            var address = await Located(server, ct);
            var reply = await Over(address, name, type, edns, tcp: false, ct);
            if (reply.Failure != TxtOutcome.Unreadable || reply.Message is not null)
                return reply;
            var again = await Over(address, name, type, edns, tcp: true, ct);
            return again.Message is null ? reply : again;
        }
        catch (SocketException error) { return new DnsReply(null, TxtOutcome.NoAnswer, error.Message); }
        catch (TimeoutException) { return Late(); }
    }

    async Task<DnsReply> Over(IPEndPoint server, string name, DnsType type, bool edns, bool tcp, CancellationToken ct)
    {
        var options = new LookupClientOptions(new NameServer(server))
        {
            AutoResolveNameServers = false,
            Timeout = settings.Timeout,
            Retries = 0,
            UseTcpOnly = tcp,
            UseTcpFallback = false,
            ExtendedDnsBufferSize = edns ? UdpPayload : 0,
            UseCache = false,
            ThrowDnsErrors = false,
            ContinueOnDnsError = false,
            ContinueOnEmptyResponse = false,
        };
        var asked = Mixed(name);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(settings.Timeout);
        try
        {
            var response = await Answered(new(asked, (QueryType)type), options, limit.Token);
            return DnsMessage.Of(response, asked, type) is { } message
                ? new DnsReply(message)
                : new DnsReply(null, TxtOutcome.Unreadable, "an answer to another question");
        }
        catch (Exception) when (ct.IsCancellationRequested) { throw new OperationCanceledException(ct); }
        catch (Exception failed) when (limit.IsCancellationRequested
            || failed is OperationCanceledException or DnsResponseException { Code: DnsResponseCode.ConnectionTimeout })
        {
            return Late();
        }
        catch (Exception failed) when ((failed as DnsResponseException)?.InnerException is SocketException socket)
        {
            return new DnsReply(null, TxtOutcome.NoAnswer, socket.Message);
        }
        // Of any kind: a packet that nobody foresaw is read by the library until it stumbles.
        catch (Exception) { return new DnsReply(null, TxtOutcome.Unreadable, "a broken packet"); }
    }

    async Task<IDnsQueryResponse> Answered(DnsQuestion question, LookupClientOptions options, CancellationToken ct)
    {
        if (!options.UseTcpOnly) return await new LookupClient(options).QueryAsync(question, options, ct);
        for (var tries = 0; tries < 2; tries++)
            try { return await _overTcp.QueryAsync(question, options, ct); }
            catch (Exception dead) when (!ct.IsCancellationRequested && dead is DnsXidMismatchException
                or DnsResponseException { InnerException: IOException or TimeoutException })
            {
                // The server closed it meanwhile, or had said something more; the library has let go of it.
            }
        // However many were closed, a client of its own has none of them.
        return await new LookupClient(options).QueryAsync(question, options, ct);
    }

    DnsReply Late() => new(null, TxtOutcome.NoAnswer,
        $"no answer within {settings.Timeout.TotalSeconds:0.###} s, asked {settings.Attempts} times");

    async Task<IPEndPoint> Located(EndPoint server, CancellationToken ct) => server switch
    {
        DnsEndPoint named => new IPEndPoint(
            (await System.Net.Dns.GetHostAddressesAsync(named.Host, ct).WaitAsync(settings.Timeout, ct)) is [var first, ..]
                ? first
                : throw new SocketException((int)SocketError.HostNotFound), named.Port),
        _ => (IPEndPoint)server,
    };

    /// <summary>A bit for each letter that a stranger would have to guess, too. Labels in Punycode begin with a capital: the library would
    /// decode others, and stumbles over those that it does not know.</summary>
    static string Mixed(string name)
    {
        var mixed = name.ToCharArray();
        RandomNumberGenerator.Fill(System.Runtime.InteropServices.MemoryMarshal.AsBytes(mixed.AsSpan()));
        for (var i = 0; i < mixed.Length; i++)
            mixed[i] = (mixed[i] & 1) == 0 || name.AsSpan(i).StartsWith("xn--", StringComparison.Ordinal)
                ? char.ToUpperInvariant(name[i])
                : name[i];
        return new(mixed);
    }
}
