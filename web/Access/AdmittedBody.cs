using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace DirectoryPlatform.Web.Access;

/// <summary>
/// The body of an answer that was made for somebody: before anything of it is sent it is asked whether they still may. Whoever writes it
/// finds out by an exception while nothing has begun, so that an error page is the answer and not a cut connection.
/// </summary>
/// <param name="stand">Throws for whoever may no longer.</param>
sealed class AdmittedBody(IHttpResponseBodyFeature wire, Func<Task> stand) : Stream, IHttpResponseBodyFeature
{
    Task? _stood;
    PipeWriter? _writer;

    public Stream Stream => this;

    /// <summary>With room of its own: what was put into the server's and not sent would stand in front of the error page.</summary>
    public PipeWriter Writer => _writer ??= PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true));

    /// <summary>Asked once: whoever was refused and writes the rest, as what is disposed of does, is refused again.</summary>
    Task Stand() => _stood ??= stand();

    /// <summary>Sends what was put into <see cref="Writer"/> alone. What has no body is somebody's as well.</summary>
    public async Task End()
    {
        await Stand();
        if (_writer is not null) await _writer.CompleteAsync();
    }

    public void DisableBuffering() => wire.DisableBuffering();

    public async Task StartAsync(CancellationToken ct = default)
    {
        await Stand();
        await wire.StartAsync(ct);
    }

    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken ct = default)
    {
        await Stand();
        await wire.SendFileAsync(path, offset, count, ct);
    }

    public async Task CompleteAsync()
    {
        await End();
        await wire.CompleteAsync();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken ct = default)
    {
        await Stand();
        await wire.Stream.WriteAsync(buffer, ct);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken ct) =>
        WriteAsync(buffer.AsMemory(offset, count), ct).AsTask();

    public override async Task FlushAsync(CancellationToken ct)
    {
        await Stand();
        await wire.Stream.FlushAsync(ct);
    }

    /// <summary>Nobody of ours writes so; what is disposed of on the way out of a refusal may.</summary>
    public override void Write(byte[] buffer, int offset, int count)
    {
        Stand().GetAwaiter().GetResult();
        wire.Stream.Write(buffer, offset, count);
    }

    public override void Flush()
    {
        Stand().GetAwaiter().GetResult();
        wire.Stream.Flush();
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
