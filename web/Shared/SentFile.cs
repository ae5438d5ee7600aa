using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace DirectoryPlatform.Web.Shared;

/// <summary>
/// Sends a file of an organization, whose other files it shares a part of the node with (<see cref="FairShares"/>): one that is one too
/// many waits before it has a connection, and one that has begun rests between two stretches while people of other organizations are here.
/// Whoever writes into it waits as for a slow reader.
/// </summary>
sealed class SentFile : Stream
{
    /// <summary>Rows that take so long are a stretch.</summary>
    static readonly TimeSpan Stretch = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a file waits until another one of its organization ends, and how many may (own choices).</summary>
    const int PatienceSeconds = 10, MostWaiting = 100;

    /// <summary>Before the server cuts off what is in flight, so that the queries behind a file end first (own choice).</summary>
    static readonly TimeSpan BeforeTheEnd = TimeSpan.FromSeconds(2);

    readonly HttpContext _http;
    readonly CancellationToken _end;
    readonly FairShare _share;
    readonly Guid _organization;
    FairShare.Piece _piece;
    long _since = Stopwatch.GetTimestamp();
    TimeSpan _worked;

    SentFile(HttpContext http, FairShare share, Guid organization, FairShare.Piece piece, CancellationToken end) =>
        (_http, _share, _organization, _piece, _end) = (http, share, organization, piece, end);

    /// <param name="export">Writes the file; refuses before the first byte.</param>
    public static async Task<Outcome<Done>> Send(HttpContext http, OrganizationId organization, IMediator mediator,
        Func<Stream, IRequest<Outcome<Done>>> export)
    {
        var host = http.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        // A program's request ends here, and its file begins.
        http.Features.Get<FairShare.Piece>()?.Dispose();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        // A node that drains is asked as before; when its time is over, so is the file's.
        var left = http.RequestServices.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout - BeforeTheEnd;
        await using var stop = host.ApplicationStopping.Register(() => end.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero));
        try { return await Send(http, organization, mediator, export, end.Token); }
        catch (OperationCanceledException)
        when (host.ApplicationStopping.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            // Cut off, so that nobody takes it for the whole file.
            if (http.Response.HasStarted) http.Abort();
            return new NodeStops(PatienceSeconds);
        }
    }

    static async Task<Outcome<Done>> Send(HttpContext http, OrganizationId organization, IMediator mediator,
        Func<Stream, IRequest<Outcome<Done>>> export, CancellationToken ct)
    {
        var shares = http.RequestServices.GetRequiredService<FairShares>();
        using var place = await Place(shares, organization.Value, ct);
        if (place is null) return new TooManyFiles(PatienceSeconds);
        var piece = (await shares.LongWork.Begin(organization.Value, ct))!;
        await using var file = new SentFile(http, shares.LongWork, organization.Value, piece, ct);
        return await mediator.Send(export(file), ct);
    }

    static async Task<IDisposable?> Place(FairShares shares, Guid organization, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(PatienceSeconds));
        try { return await shares.Files.Enter(organization, MostWaiting, patience.Token); }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested) { return null; }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken ct = default)
    {
        _worked += Stopwatch.GetElapsedTime(_since);
        if (_worked >= Stretch)
        {
            _piece.End(_worked);
            _worked = TimeSpan.Zero;
            _piece = (await _share.Begin(_organization, _end))!;
        }
        await _http.Response.Body.WriteAsync(buffer, _end);
        _since = Stopwatch.GetTimestamp();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken ct) =>
        WriteAsync(buffer.AsMemory(offset, count), ct).AsTask();

    public override Task FlushAsync(CancellationToken ct) => _http.Response.Body.FlushAsync(ct);

    /// <summary>What is sent to stays open.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _piece.End(_worked + Stopwatch.GetElapsedTime(_since));
        base.Dispose(disposing);
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() => throw new NotSupportedException();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <param name="Seconds">Until another one may have ended.</param>
sealed record TooManyFiles(int Seconds)
    : Refusal("tooManyFiles", $"Your organization is downloading too many files at the moment. Try again in {Waits.InWords(Seconds)}."),
        IRetryLater;

/// <param name="Seconds">Until another node, or this one again, answers.</param>
sealed record NodeStops(int Seconds)
    : Refusal("nodeStops", $"This server is being restarted. Try again in {Waits.InWords(Seconds)}."), IRetryLater;
