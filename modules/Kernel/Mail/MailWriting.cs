using System.Text.Json;

namespace DirectoryPlatform.Kernel.Mail;

/// <summary>How an organization signs its mails.</summary>
/// <param name="Slug">Its folder among the own templates.</param>
/// <param name="Contact">Whom to ask, as its admin wrote it; null for nothing.</param>
/// <param name="Signature">Null for the organization's name.</param>
public sealed record MailWording(string Slug, string Name, string? Contact, string? Signature);

/// <summary>Asked when a mail is written out; answered by the room that knows organizations.</summary>
public interface IMailWording
{
    Task<MailWording?> Of(Guid organization, CancellationToken ct);
}

/// <param name="Subject">One line.</param>
sealed record WrittenMail(string Subject, string Text, string Html);

/// <summary>Writes a letter out: the template of the organization or of the installation, its values, and the frame around it.</summary>
sealed class MailWriting(MailTemplates templates, IMailWording wordings)
{
    static readonly Template TextFrame = Frame("frame.txt"), HtmlFrame = Frame("frame.html");

    /// <summary>False for a mail that another version of the product queued.</summary>
    public bool Knows(string template) => templates.Names.Contains(template);

    public async Task<WrittenMail> Write(string template, string values, Guid? organization, CancellationToken ct)
    {
        var wording = organization is { } id ? await wordings.Of(id, ct) : null;
        var letter = templates.Of(template, wording?.Slug);
        using var json = JsonDocument.Parse(values);
        string? Value(string name) => name == MailTemplates.OrganizationName
            ? wording?.Name
            : json.RootElement.TryGetProperty(name, out var value) ? Plain(value) : null;
        var subject = LetterWords.OneLine(letter.Subject.Text(Value));
        var text = letter.Text.Text(Value);
        var html = letter.Html?.Html(Value) ?? MailStyle.FromText(text);
        string? Around(string name, string body) => name switch
        {
            "subject" => subject,
            "body" => body,
            "organization" => wording?.Name,
            "contact" => wording?.Contact,
            "signature" => wording?.Signature,
            _ => null,
        };
        return new(subject, TextFrame.Text(n => Around(n, text)).Trim() + "\n", HtmlFrame.Html(n => Around(n, html)));
    }

    static string? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.False or JsonValueKind.Null => null,
        _ => value.ToString(),
    };

    static Template Frame(string file)
    {
        using var reader = new StreamReader(typeof(MailWriting).Assembly.GetManifestResourceStream($"frame:{file}")!);
        return Template.Parse(reader.ReadToEnd(), file, ["subject", "body", "organization", "contact", "signature"], raw: true);
    }
}
