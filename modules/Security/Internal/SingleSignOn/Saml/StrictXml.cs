using System.Xml;

namespace DirectoryPlatform.Security.Internal.SingleSignOn.Saml;

/// <summary>
/// Reads XML that a stranger may have written: no DTD and so no entity, nothing fetched, bounded in size and depth. Comments are dropped
/// before anything looks, so that a text with one in it is one text for everybody:
/// exclusive canonicalization leaves them out, too (XML-exc-C14N, 2).
/// </summary>
static class StrictXml
{
    /// <summary>Answers have some ten kilobytes, metadata of large providers a hundred (own choice).</summary>
    public const int MostCharacters = 512 * 1024;

    /// <summary>Answers are nine elements deep. Canonicalization walks down by calls, so depth is the stack (own choice).</summary>
    const int MostDeep = 40;

    /// <returns>Null for what is no such XML.</returns>
    public static XmlDocument? Read(string text)
    {
        if (text.Length > MostCharacters || !IsShallow(text)) return null;
        try
        {
            using var reader = Reader(text);
            var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
            document.Load(reader);
            return document;
        }
        catch (XmlException) { return null; }
    }

    /// <summary>Strict UTF-8, with or without its mark.</summary>
    public static string? Text(byte[] bytes)
    {
        try { return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF'); }
        catch (ArgumentException) { return null; }
    }

    /// <summary>Child elements of this name.</summary>
    public static IReadOnlyList<XmlElement> Children(this XmlElement parent, string name, string space) =>
        [.. parent.ChildNodes.OfType<XmlElement>().Where(e => e.LocalName == name && e.NamespaceURI == space)];

    /// <summary>Its only child element of this name; null when there is none, or more than one.</summary>
    public static XmlElement? Only(this XmlElement parent, string name, string space) => parent.Children(name, space) is [var one]
        ? one
        : null;

    static bool IsShallow(string text)
    {
        try
        {
            using var reader = Reader(text);
            while (reader.Read())
                if (reader.Depth > MostDeep || reader.NodeType is XmlNodeType.ProcessingInstruction) return false;
            return true;
        }
        catch (XmlException) { return false; }
    }

    static XmlReader Reader(string text) => XmlReader.Create(new StringReader(text), new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        MaxCharactersInDocument = MostCharacters,
    });
}
