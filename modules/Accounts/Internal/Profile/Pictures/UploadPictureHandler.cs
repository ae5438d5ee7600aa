using System.Buffers;

namespace DirectoryPlatform.Accounts.Internal.Profile.Pictures;

sealed class UploadPictureHandler(NpgsqlDataSource database, IMediator mediator, PictureMaking making, TimeProvider clock)
    : IRequestHandler<UploadPicture, Outcome<Done>>, IRequestHandler<ReadPicture, Outcome<PictureFile>>
{
    public async Task<Outcome<Done>> Handle(UploadPicture command, CancellationToken ct)
    {
        // Asked before the work of decoding, and decided again by the turn.
        var profile = await mediator.Send(new ReadProfile(command.Account, command.Organization, new(command.Origin.Actor ?? Guid.Empty)),
            ct);
        if (!profile.Granted) return profile.Refusal;
        if (profile.Value.PictureRefusal is { } refusal) return refusal;
        if (command.Content is null) return new PictureMissing();
        var upload = await Read(command.Content, ct);
        if (upload.Length == 0) return new PictureMissing();
        if (upload.Length > UploadPicture.MaxBytes) return new PictureTooLarge();
        var picture = await making.Square(upload, ct);
        if (!picture.Granted) return picture.Refusal;
        var id = Guid.CreateVersion7();
        await database.Write("insert into accounts.picture (id, account_id, content, made_at) values (@id, @account, @content, @now)",
            new { id, account = command.Account.Value, content = picture.Value, now = clock.GetUtcNow().UtcDateTime }, ct);
        var changed = await mediator.Send(new ChangePicture(command.Account, command.Organization, id, command.Origin), ct);
        if (!changed.Granted) await database.Write("delete from accounts.picture where id = @id", new { id }, CancellationToken.None);
        return changed.Map(_ => Done.It);
    }

    /// <returns>At most one byte more than allowed, so that a long stream costs no memory.</returns>
    static async Task<byte[]> Read(Stream content, CancellationToken ct)
    {
        var room = ArrayPool<byte>.Shared.Rent(UploadPicture.MaxBytes + 1);
        try
        {
            return room[..await content.ReadAtLeastAsync(room.AsMemory(0, UploadPicture.MaxBytes + 1), UploadPicture.MaxBytes + 1,
            throwOnEndOfStream: false, ct)];
        }
        finally { ArrayPool<byte>.Shared.Return(room); }
    }

    public async Task<Outcome<PictureFile>> Handle(ReadPicture query, CancellationToken ct)
    {
        if (query.Organization is null && query.Account != query.Viewer) return new NotFound("picture");
        var found = await database.Rows<(Guid Id, byte[] Content)>("""
            select x.id, x.content from accounts.account a join accounts.profile p on p.account_id = a.id
              join accounts.picture x on x.id = p.picture
            where a.id = @account and (@organization::uuid is null or a.managed_by = @organization)
            """, new { account = query.Account.Value, organization = query.Organization?.Value }, ct);
        return found is [var (id, content)] ? new PictureFile(id, content) : new NotFound("picture");
    }
}
