namespace DirectoryPlatform.Web.Words;

/// <summary>Which mail it is, for an admin.</summary>
static class MailWords
{
    /// <summary>"email-verification" reads "Email verification": templates are named so that this is enough.</summary>
    public static string Of(string template) => template.Length == 0 ? template : char.ToUpperInvariant(template[0]) + template[1..]
        .Replace('-', ' ');
}
