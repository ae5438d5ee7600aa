namespace DirectoryPlatform.Kernel.Mail;

/// <summary>What people would read, with the organization's words around it (SPEC R8); nothing is sent.</summary>
public sealed record PreviewMail(string Subject, string Text, Guid Organization) : IRequest<MailPreview>;

/// <param name="Text">The whole plain-text body.</param>
public sealed record MailPreview(string Subject, string Text);

sealed class MailPreviewing(MailWriting writing) : IRequestHandler<PreviewMail, MailPreview>
{
    public async Task<MailPreview> Handle(PreviewMail query, CancellationToken ct)
    {
        var letter = new PlainLetter(query.Subject, query.Text);
        var written = await writing.Write(letter.Template, letter.Values, query.Organization, ct);
        return new(written.Subject, written.Text);
    }
}
