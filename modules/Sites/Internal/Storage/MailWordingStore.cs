namespace DirectoryPlatform.Sites.Internal.Storage;

/// <summary>How an organization signs its mails: asked by the kernel when one is written out, edited by an admin.</summary>
sealed class MailWordingStore(NpgsqlDataSource database, UnitOfWork work)
    : IMailWording, IRequestHandler<ReadOrganizationWording, Outcome<OrganizationWording>>,
    IRequestHandler<ChangeOrganizationWording, Outcome<Done>>
{
    public async Task<MailWording?> Of(Guid organization, CancellationToken ct) =>
        await database.Rows<(string Slug, string Name, string? Contact, string? Signature)>(
            "select slug, name, mail_contact, mail_signature from sites.organization where id = @organization", new { organization }, ct)
            is [var o] ? new(o.Slug, o.Name, o.Contact, o.Signature) : null;

    public async Task<Outcome<OrganizationWording>> Handle(ReadOrganizationWording query, CancellationToken ct) =>
        await Of(query.Organization.Value, ct) is { } wording
            ? new OrganizationWording(wording.Contact, wording.Signature)
            : new NotFound("organization");

    public async Task<Outcome<Done>> Handle(ChangeOrganizationWording command, CancellationToken ct)
    {
        var (contact, signature) = (Plain(command.Contact), Plain(command.Signature));
        if (Wrong(contact) is { } contactIsWrong) return new InvalidValue("contact", contactIsWrong);
        if (Wrong(signature) is { } signatureIsWrong) return new InvalidValue("signature", signatureIsWrong);
        return await work.Run<Done>(command.Origin, async change =>
        {
            var values = new { id = command.Organization.Value, contact, signature };
            if (await change.Rows<(string? Contact, string? Signature)>(
                "select mail_contact, mail_signature from sites.organization where id = @id for update", values) is not [var was])
                return new NotFound("organization");
            if (was == (contact, signature)) return change.Unchanged();
            await change.Write("update sites.organization set mail_contact = @contact, mail_signature = @signature where id = @id", values);
            change.WriteAudit(command.Organization, command.Organization.Value, SiteActions.MailWordingChanged,
                new OrganizationWording(was.Contact, was.Signature), new OrganizationWording(contact, signature));
            return Done.It;
        }, ct);
    }

    static string? Plain(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.ReplaceLineEndings("\n").Trim();

    static string? Wrong(string? text) =>
        text is null ? null
        : text.Length > ChangeOrganizationWording.MaxText ? $"Enter at most {ChangeOrganizationWording.MaxText} characters."
        : PlainText.AreReadable(text) ? null
        : "Enter plain text, without control characters or marks that change the text direction.";
}
