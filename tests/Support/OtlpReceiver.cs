using System.Buffers.Binary;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Where a product sends its telemetry: OTLP over HTTP and over gRPC, read from the bytes as its protocol's text has them.
/// </summary>
sealed class OtlpReceiver : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly Lock _gate = new();
    readonly Dictionary<string, List<double>> _series = [];
    readonly List<Span> _spans = [];
    readonly List<LogRecord> _logs = [];

    /// <param name="Tags">Keys and values, in words.</param>
    public sealed record Span(string Name, string Trace, string Id, string Parent, IReadOnlyDictionary<string, string> Tags);

    /// <param name="Tags">Of the record and of its scopes.</param>
    public sealed record LogRecord(string Body, string Trace, IReadOnlyDictionary<string, string> Tags);

    OtlpReceiver(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>For gRPC, which is HTTP/2 from the first byte.</summary>
    public string GrpcAddress => _app.Urls.Last();

    /// <summary>All that came, as the wire has it: what must not be in it is looked for here.</summary>
    public StringBuilder Everything { get; } = new();

    /// <summary>Which program sends, as each of its messages says.</summary>
    public IReadOnlyDictionary<string, string> Resource { get; private set; } = new Dictionary<string, string>();

    /// <summary>How many requests came to other paths than the protocol's: they are what is watched, and no telemetry.</summary>
    public int Visits { get; private set; }

    /// <summary>Of all metrics, as Prometheus writes them.</summary>
    public HashSet<string> Names { get; } = [];

    /// <param name="kind">_total of what only grows, _count of a histogram.</param>
    public static string NameOf(string name, string? unit, string kind) => name.Replace('.', '_')
        + unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" } + kind;

    public static async Task<OtlpReceiver> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Run(receiver.Take);
        await app.StartAsync();
        return receiver;
    }

    async Task Take(HttpContext http)
    {
        var isGrpc = http.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) is true;
        if (!isGrpc && !http.Request.Path.StartsWithSegments("/v1"))
        {
            Visits++;
            return;
        }
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        // gRPC has five bytes before a message: whether it is compressed, and its length.
        var bytes = body.ToArray()[(isGrpc ? 5 : 0)..];
        lock (_gate)
        {
            Everything.Append(Encoding.UTF8.GetString(bytes));
            foreach (var resource in Fields(bytes, 1).SelectMany(r => Fields(r, 1))) Resource = Tags(resource, 1);
            // Resource, scope, and what they have sent.
            foreach (var item in Fields(bytes, 1).SelectMany(r => Fields(r, 2)).SelectMany(s => Fields(s, 2)))
                switch (http.Request.Path.Value)
                {
                    case "/v1/metrics" or $"{Grpc}.metrics.v1.MetricsService/Export": Metric(item); break;
                    case "/v1/traces" or $"{Grpc}.trace.v1.TraceService/Export":
                        _spans.Add(new(Text(item, 5), Hex(item, 1), Hex(item, 2), Hex(item, 4), Tags(item, 9)));
                        break;
                    case "/v1/logs" or $"{Grpc}.logs.v1.LogsService/Export":
                        _logs.Add(new(string.Concat(Fields(item, 5).SelectMany(v => Fields(v, 1)).Select(Encoding.UTF8.GetString)),
                            Hex(item, 9), Tags(item, 6)));
                        break;
                }
        }
        http.Response.ContentType = isGrpc ? "application/grpc" : "application/x-protobuf";
        if (!isGrpc) return;
        http.Response.AppendTrailer("grpc-status", "0");
        await http.Response.Body.WriteAsync(new byte[5]); // a message that says nothing
    }

    const string Grpc = "/opentelemetry.proto.collector";

    /// <summary>A gauge, a sum or a histogram: each point's value, a histogram's count.</summary>
    void Metric(byte[] metric)
    {
        var name = Text(metric, 1);
        Names.Add(NameOf(name, Text(metric, 3), Fields(metric, 9).Any() ? "_count"
            : Fields(metric, 7).Any(sum => Fields(sum, 3).Any(v => v[0] == 1)) ? "_total" : ""));
        foreach (var (kind, tags, whole) in ((int, int, int)[])[(5, 7, 6), (7, 7, 6), (9, 9, 4)])
            foreach (var point in Fields(metric, kind).SelectMany(data => Fields(data, 1)))
            {
                var labels = string.Join(',', Tags(point, tags).OrderBy(t => t.Key).Select(t => $"{t.Key}={t.Value}"));
                var value = Fields(point, whole).Select(v => (double)BinaryPrimitives.ReadInt64LittleEndian(v))
                    .Concat(kind == 9 ? [] : Fields(point, 4).Select(v => BinaryPrimitives.ReadDoubleLittleEndian(v))).FirstOrDefault();
                var series = $"{name}{{{labels}}}";
                if (!_series.TryGetValue(series, out var values)) _series.Add(series, values = []);
                values.Add(value);
            }
    }

    /// <summary>The values that came of a series, in their order, each change once.</summary>
    public IReadOnlyDictionary<string, List<double>> Series
    {
        get
        {
            lock (_gate) return _series.ToDictionary(s => s.Key, s => s.Value.ToList());
        }
    }

    public IReadOnlyList<Span> Spans
    {
        get
        {
            lock (_gate) return [.. _spans];
        }
    }

    public IReadOnlyList<LogRecord> Logs
    {
        get
        {
            lock (_gate) return [.. _logs];
        }
    }

    static string Text(byte[] message, int field) => string.Concat(Fields(message, field).Take(1).Select(Encoding.UTF8.GetString));

    static string Hex(byte[] message, int field) => string.Concat(Fields(message, field).Take(1).Select(Convert.ToHexStringLower));

    static Dictionary<string, string> Tags(byte[] message, int field) => Fields(message, field)
        .GroupBy(pair => Text(pair, 1)).ToDictionary(g => g.Key, g => string.Concat(Fields(g.Last(), 2).SelectMany(value =>
            Fields(value, 1).Select(Encoding.UTF8.GetString).Concat(Fields(value, 3).Select(n => $"{BitConverter.ToInt64(n)}")))));

    /// <summary>The contents of a field of a message: of lengths and of fixed size as they stand, of a number its eight bytes.</summary>
    static IEnumerable<byte[]> Fields(byte[] message, int field)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Number(message, ref at);
            byte[] content;
            switch (key & 7)
            {
                case 0: content = BitConverter.GetBytes(Number(message, ref at)); break;
                case 1: content = message[at..(at += 8)]; break;
                case 2:
                    var length = (int)Number(message, ref at);
                    content = message[at..(at += length)];
                    break;
                case 5: content = message[at..(at += 4)]; break;
                default: throw new InvalidDataException("This is no protobuf.");
            }
            if (key >> 3 == (ulong)field) yield return content;
        }
    }

    static ulong Number(byte[] message, ref int at)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return number;
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
