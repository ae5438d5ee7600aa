using System.Text.RegularExpressions;

namespace DirectoryPlatform.Provisioning.Internal;

/// <summary>An address as a provider names it.</summary>
/// <param name="Attribute">Where it stands: "emails" or "userName".</param>
/// <param name="Email">Null where the text is no address.</param>
/// <param name="Why">Why it is none; null where it is one.</param>
/// <param name="SoftDeleted">The name of somebody whom the provider keeps for a while after deleting: it is no address, and
/// <paramref name="Email"/> is the one before.</param>
sealed partial record SaidAddress(string Attribute, EmailAddress? Email, string? Why, bool SoftDeleted)
{
    public static SaidAddress Of(string attribute, string text)
    {
        var former = BeforeSoftDeletion(text);
        var email = EmailAddress.Parse(former ?? text);
        return new(attribute, email.Granted ? email.Value : null, email.Granted ? null : email.Refusal.Sentence, former is not null);
    }

    /// <summary>Microsoft Entra ID puts the object's id, 32 hexadecimal digits, in front of the name of whom it deletes, and takes it away
    /// when the person is restored.</summary>
    /// <returns>The name before; null for a name that is no such one.</returns>
    public static string? BeforeSoftDeletion(string text) => SoftDeletion().Match(text.Trim()) is { Success: true } match
        && EmailAddress.Parse(match.Groups[1].Value).Granted ? match.Groups[1].Value : null;

    [GeneratedRegex("^[0-9a-f]{32}(.+@.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex SoftDeletion();
}
