namespace DirectoryPlatform.Domains;

public sealed record DomainAlreadyAdded() : Refusal("domainAlreadyAdded", "Your organization has already added this domain.");
public sealed record DomainNotVerified() : Refusal("domainNotVerified", "This domain is not verified yet.");
public sealed record DomainStillOwned() : Refusal("domainStillOwned", "This domain is verified and cannot be taken over.");
public sealed record DomainOwnedElsewhere() : Refusal("domainOwnedElsewhere", "Another organization has verified this domain.");

public sealed record DomainNameMissing() : Refusal("domainNameMissing", "Enter the domain name, for example acme.com.");
public sealed record DomainNameTooLong()
    : Refusal("domainNameTooLong", "A domain name has at most 253 characters, and at most 63 between two dots.");
public sealed record DomainLabelEmpty() : Refusal("domainLabelEmpty", "A part before, after or between the dots of this name is empty.");
public sealed record DomainLabelHyphens(string Label)
    : Refusal("domainLabelHyphens", $"\"{Label}\" starts or ends with a hyphen, or has hyphens as its third and fourth characters.");
public sealed record DomainCharacterRefused(string Character)
    : Refusal("domainCharacterRefused",
        $"A domain name cannot contain {Character}. Enter only the domain, such as acme.com, without https://, a path or @.");
public sealed record DomainNotNormalised(string Character)
    : Refusal("domainNotNormalised",
        $"The name contains {Character}, which can be confused with another spelling. "
        + "Type the name on a keyboard instead of pasting it.");
public sealed record DomainScriptsMixed(string Label, string ALabel)
    : Refusal("domainScriptsMixed",
        $"\"{Label}\" (in full {ALabel}) mixes alphabets that look alike. "
        + "Names like that are used to imitate others and are not accepted.");
public sealed record DomainEncodingRefused(string Label)
    : Refusal("domainEncodingRefused", $"\"{Label}\" is not a valid international domain name.");
public sealed record DomainIsAddress()
    : Refusal("domainIsAddress", "This is an IP address. Enter the domain name that comes after the @ in your email addresses.");
public sealed record DomainSingleLabel()
    : Refusal("domainSingleLabel", "This is only one part of a domain name. Enter it in full, for example acme.com.");
public sealed record DomainIsPublicSuffix(string Name)
    : Refusal("domainIsPublicSuffix",
        $"Anyone can register a name under {Name}, so no single organization owns it. Enter your own name under it.");
public sealed record DomainIsFreeMail(string Name)
    : Refusal("domainIsFreeMail", $"{Name} offers mailboxes to the public, so no organization can own its accounts.");
public sealed record DomainIsDisposableMail(string Name)
    : Refusal("domainIsDisposableMail", $"{Name} offers disposable mailboxes, so no organization can own its accounts.");
