using System.Collections.Frozen;
using System.Reflection;

namespace DirectoryPlatform.Kernel.Mail;

/// <summary>
/// Every letter's template, read and checked at the start: an unknown name, a letter without a template or a template without a letter
/// stops it (SPEC R8). A template is two plain files.
/// <c>NAME.txt</c> begins with a line <c>Subject: …</c>, then a blank line, then the text; <c>NAME.html</c> is the same in HTML without a
/// frame. Built-in ones are embedded; the folder of the setting <c>Mail:Templates</c> may hold others: <c>FOLDER/NAME.txt</c> for all,
/// <c>FOLDER/SLUG/NAME.txt</c> for one organization. An own .txt without an .html is sent with HTML made from it.
/// </summary>
sealed class MailTemplates
{
    /// <summary>What every template may name besides the properties of its letter:
    /// the organization in whose name the mail is written, or nothing.</summary>
    internal const string OrganizationName = "organization";

    const string Folder = ".Letters.";

    readonly FrozenDictionary<string, IReadOnlyCollection<string>> _names;
    readonly FrozenDictionary<(string Slug, string Template), LetterTemplate> _templates;

    /// <exception cref="InvalidOperationException">Says which file is wrong, and what is wrong with it.</exception>
    public MailTemplates(IEnumerable<Assembly> modules, string? folder)
    {
        var all = modules.ToList();
        _names = all.SelectMany(m => m.GetTypes()).Where(t => t.IsSubclassOf(typeof(Letter)) && !t.IsAbstract)
            .ToFrozenDictionary(Letter.TemplateOf, t => (IReadOnlyCollection<string>)[OrganizationName, .. Letter.NamesOf(t)]);
        var files = all.SelectMany(Embedded).Concat(folder is null ? [] : Own(folder)).GroupBy(f => (f.Slug, f.Name))
            .Select(f => (f.Key, Text: f.SingleOrDefault(x => x.Extension == ".txt"), Html: f.SingleOrDefault(x => x.Extension == ".html"),
                f.First().Source));
        var templates = new Dictionary<(string, string), LetterTemplate>();
        foreach (var (key, text, html, source) in files) templates[key] = Read(key.Name, text, html, source);
        _templates = templates.ToFrozenDictionary();
        if (_names.Keys.Where(n => !_templates.ContainsKey((BuiltIn, n))).ToList() is [var missing, ..])
            throw new InvalidOperationException($"The letter {missing} has no template.");
    }

    const string BuiltIn = "built in/";
    const string ForAll = "";

    public IReadOnlyCollection<string> Names => _names.Keys;

    internal LetterTemplate Of(string template, string? slug) =>
        slug is not null && _templates.TryGetValue((slug, template), out var own) ? own : _templates.GetValueOrDefault((ForAll, template))
            ?? _templates[(BuiltIn, template)];

    LetterTemplate Read(string name, TemplateFile? text, TemplateFile? html, string source)
    {
        if (!_names.TryGetValue(name, out var known))
            throw new InvalidOperationException(
                $"{source}: there is no letter called {name}. Known are: {string.Join(", ", _names.Keys.Order())}.");
        if (text is null)
            throw new InvalidOperationException(
                $"{source}: an .html needs a .txt beside it, for the subject and for those who read mail as text.");
        var (subject, body) = Cut(text);
        return new(
            Template.Parse(subject, text.Source, known), Template.Parse(body, text.Source, known),
            html is null ? null : Template.Parse(MailStyle.Inline(html.Content), html.Source, known));
    }

    static (string Subject, string Body) Cut(TemplateFile text)
    {
        var lines = text.Content.ReplaceLineEndings("\n").TrimStart('\uFEFF').Split("\n\n", 2);
        return lines is [var head, var body] && head.StartsWith("Subject:", StringComparison.Ordinal) && !head.Contains('\n')
            ? (head["Subject:".Length..].Trim(), body.Trim())
            : throw new InvalidOperationException($"{text.Source}: begin with a line \"Subject: …\" and a blank line.");
    }

    static IEnumerable<TemplateFile> Embedded(Assembly module)
    {
        foreach (var resource in module.GetManifestResourceNames().Where(n => n.Contains(Folder, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(module.GetManifestResourceStream(resource)!);
            var name = resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..];
            yield return new(BuiltIn, Path.GetFileNameWithoutExtension(name), Path.GetExtension(name), reader.ReadToEnd(), resource);
        }
    }

    static IEnumerable<TemplateFile> Own(string folder)
    {
        if (!Directory.Exists(folder)) throw new InvalidOperationException($"Mail:Templates names {folder}, which is no folder.");
        return new[] { (Slug: ForAll, Path: folder) }.Concat(Directory.EnumerateDirectories(folder)
            .Select(d => (Slug: Path.GetFileName(d), Path: d)))
            .SelectMany(place => Directory.EnumerateFiles(place.Path).Where(f => Path.GetExtension(f) is ".txt" or ".html")
                .Select(f =>
                    new TemplateFile(place.Slug, Path.GetFileNameWithoutExtension(f), Path.GetExtension(f), File.ReadAllText(f), f)));
    }

    sealed record TemplateFile(string Slug, string Name, string Extension, string Content, string Source);
}

/// <param name="Html">Null when there is only a text: the HTML is then made from it.</param>
sealed record LetterTemplate(Template Subject, Template Text, Template? Html);
