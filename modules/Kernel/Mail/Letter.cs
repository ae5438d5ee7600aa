using System.Text.Json;
using System.Text.Json.Serialization;

namespace DirectoryPlatform.Kernel.Mail;

/// <summary>
/// What a mail says, as data: the values of one template. <c>EmailVerificationLetter</c> is written by
/// <c>Letters/email-verification.txt</c> and <c>.html</c> of its module, and its properties are the names that the template may use (SPEC
/// R8). Letters are kept as values and written out when they are sent, so that a hundred thousand of them cost little.
/// </summary>
public abstract record Letter
{
    [JsonIgnore] public string Template => TemplateOf(GetType());

    /// <summary>Sent when nothing else waits: a notice to everybody must not hold up a verification mail.</summary>
    [JsonIgnore] public virtual bool CanWait => false;

    internal string Values => JsonSerializer.Serialize(this, GetType(), KernelJson.Options);

    internal static string TemplateOf(Type letter)
    {
        var name = letter.Name[..^nameof(Letter).Length];
        return string
            .Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
    }

    internal static IEnumerable<string> NamesOf(Type letter) =>
        letter.GetProperties().Where(p => p.Name is not (nameof(Template) or nameof(CanWait)))
            .Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));
}

/// <summary>For the rare mail that has no template of its own.</summary>
/// <param name="Text">Paragraphs by blank lines; a line that is an address becomes a link.</param>
sealed record PlainLetter(string Subject, string Text) : Letter;

public static class LetterWords
{
    /// <summary>"6 December 2026, 14:05 UTC": a moment as letters say it.</summary>
    public static string InLetters(this DateTimeOffset at) =>
        at.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>One line, whatever stands in it: what comes from people cannot add a header to a mail.</summary>
    internal static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text) line.Append(char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c);
        return line.ToString().Trim();
    }
}
