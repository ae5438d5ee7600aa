using Dapper;
using DirectoryPlatform.Kernel;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Sites.Storage;

/// <summary>How an organization signs its mails: asked by the kernel when one is written out, edited by an admin.</summary>
sealed class MailWordingStore(NpgsqlDataSource database, TimeProvider clock)
    : IMailWording, IRequestHandler<ReadOrganizationWording, Outcome<OrganizationWording>>,
    IRequestHandler<ChangeOrganizationWording, Outcome<Done>>
{
    public async Task<MailWording?> Of(Guid organization, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<(string Slug, string Name, string? Contact, string? Signature)>(
            "select slug, name, mail_contact, mail_signature from sites.organization where id = @organization", new { organization }))
                .AsList() is [var o] ? new(o.Slug, o.Name, o.Contact, o.Signature) : null;
    }

    public async Task<Outcome<OrganizationWording>> Handle(ReadOrganizationWording query, CancellationToken ct) =>
        await Of(query.Organization.Value, ct) is { } wording
            ? new OrganizationWording(wording.Contact, wording.Signature)
            : new NotFound("organization");

    public async Task<Outcome<Done>> Handle(ChangeOrganizationWording command, CancellationToken ct)
    {
        var (contact, signature) = (Plain(command.Contact), Plain(command.Signature));
        if (Wrong(contact) is { } contactIsWrong) return new InvalidValue("contact", contactIsWrong);
        if (Wrong(signature) is { } signatureIsWrong) return new InvalidValue("signature", signatureIsWrong);
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var before = (await connection.QueryAsync<(string? Contact, string? Signature)>(
            "select mail_contact, mail_signature from sites.organization where id = @id for update",
                new { id = command.Organization.Value }, transaction)).AsList();
        if (before is not [var was]) return new NotFound("organization");
        if (was == (contact, signature)) return Done.It;
        await connection.ExecuteAsync("update sites.organization set mail_contact = @contact, mail_signature = @signature where id = @id",
            new { id = command.Organization.Value, contact, signature }, transaction);
        await using var audit = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                AuditLog.Insert(
                    [new(Guid.CreateVersion7(now), now, command.Organization.Value, command.Origin, command.Organization.Value,
                        "MailWordingChanged", null, null,
                    KernelJson.Write(new OrganizationWording(was.Contact, was.Signature)),
                    KernelJson.Write(new OrganizationWording(contact, signature)), null)]),
            },
        };
        await audit.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return Done.It;
    }

    static string? Plain(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.ReplaceLineEndings("\n").Trim();

    static string? Wrong(string? text) =>
        text is null ? null
        : text.Length > ChangeOrganizationWording.MaxText ? $"Write at most {ChangeOrganizationWording.MaxText} characters."
        : text.Any(c => char.IsControl(c) && c != '\n') ? "Write plain text without control characters."
        : null;
}
