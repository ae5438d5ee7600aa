namespace DirectoryPlatform.Domains;

public sealed record DomainAlreadyAdded() : Refusal("domainAlreadyAdded", "Your organization has added this domain already.");
public sealed record DomainNotVerified() : Refusal("domainNotVerified", "This domain is not verified yet.");
public sealed record DomainStillOwned() : Refusal("domainStillOwned", "This domain is verified; it cannot be taken over.");
public sealed record DomainOwnedElsewhere() : Refusal("domainOwnedElsewhere", "Another organization has verified this domain.");

public sealed record DomainNameMissing() : Refusal("domainNameMissing", "Enter the domain name, for example acme.com.");
public sealed record DomainNameTooLong()
    : Refusal("domainNameTooLong", "A domain name has at most 253 characters, and at most 63 between two dots.");
public sealed record DomainLabelEmpty() : Refusal("domainLabelEmpty", "There is nothing before, after or between two dots of this name.");
public sealed record DomainLabelHyphens(string Label)
    : Refusal("domainLabelHyphens", $"\"{Label}\" begins or ends with a hyphen, or has hyphens as its third and fourth characters.");
public sealed record DomainCharacterRefused(string Character)
    : Refusal("domainCharacterRefused",
        $"A domain name cannot contain {Character}. Enter it like acme.com, without https:// and without @.");
public sealed record DomainNotNormalised(string Character)
    : Refusal("domainNotNormalised",
        $"The name contains {Character}, which another spelling looks like or stands for. "
        + "Type the name on a keyboard instead of pasting it.");
public sealed record DomainScriptsMixed(string Label, string ALabel)
    : Refusal("domainScriptsMixed",
        $"\"{Label}\" (in full {ALabel}) mixes alphabets that look alike. "
        + "Names like that are used to imitate others and are not accepted.");
public sealed record DomainEncodingRefused(string Label)
    : Refusal("domainEncodingRefused", $"\"{Label}\" does not stand for a valid international name.");
public sealed record DomainIsAddress()
    : Refusal("domainIsAddress", "This is an IP address. Enter the domain name that stands behind the @ of your email addresses.");
public sealed record DomainSingleLabel()
    : Refusal("domainSingleLabel", "This is only one part of a domain name. Enter it in full, for example acme.com.");
public sealed record DomainIsPublicSuffix(string Name)
    : Refusal("domainIsPublicSuffix",
        $"Under {Name} anybody can register a name, so no single organization owns it. Enter your own name under it.");
public sealed record DomainIsFreeMail(string Name)
    : Refusal("domainIsFreeMail", $"{Name} gives mailboxes to the public, so no organization can own its accounts.");
public sealed record DomainIsDisposableMail(string Name)
    : Refusal("domainIsDisposableMail", $"{Name} gives out throw-away mailboxes, so no organization can own its accounts.");
