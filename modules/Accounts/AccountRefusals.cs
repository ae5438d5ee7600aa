namespace DirectoryPlatform.Accounts;

/// <param name="Unclaiming">Whoever gives accounts back is not told what else could be taken away.</param>
public sealed record NotManagedHere(bool Unclaiming = false)
    : Refusal("notManagedHere",
        Unclaiming ? "Your organization does not manage this account."
        : "Your organization does not manage this account. You can only suspend it on your sites or remove it from them.");
/// <summary>Of an address, whoever has it: who has an account elsewhere is nobody's business.</summary>
public sealed record NoManagedAccount() : Refusal("notManagedHere", "Your organization manages no account with this email address.");
public sealed record Yourself() : Refusal("yourself", "You cannot do this to your own account. Ask another admin.");
/// <param name="Elsewhere">True when it is another organization's last admin: only that organization can resolve it.</param>
public sealed record LastOrganizationAdmin(bool Elsewhere = false)
    : Refusal("lastOrganizationAdmin",
        Elsewhere ? "This is the last admin of another organization, which must add another admin first."
        : "This is the last admin of an organization. Add another admin first.");
public sealed record EmailUnverified() : Refusal("emailUnverified", "The email address of this account is not verified yet.");
public sealed record EmailAlreadyVerified() : Refusal("emailAlreadyVerified", "This email address is already verified.");
public sealed record EmailChanged() : Refusal("emailChanged", "The email address of the account has changed since this link was sent.");
public sealed record EmailTaken() : Refusal("emailTaken", "This email address belongs to another account.");
public sealed record AlreadyDeactivated() : Refusal("alreadyDeactivated", "This account is already deactivated.");
public sealed record NotDeactivated() : Refusal("notDeactivated", "This account is not deactivated.");
public sealed record DeactivatedSince()
    : Refusal("deactivatedSince", "This account was reactivated and deactivated again after this job. Undoing the job leaves it as it is.");
public sealed record BeingDeleted() : Refusal("beingDeleted", "This account is scheduled for deletion. Cancel the deletion first.");
public sealed record NotBeingDeleted() : Refusal("notBeingDeleted", "This account is not scheduled for deletion.");
public sealed record DeletionOfOrganization()
    : Refusal("deletionOfOrganization",
        "An organization scheduled this deletion. Only the organization that manages the account can cancel it.");
public sealed record DeletionNotDue() : Refusal("deletionNotDue", "The 14 days before the deletion have not passed yet.");
public sealed record DeletionIsDue() : Refusal("deletionIsDue", "The 14 days have passed. The deletion can no longer be cancelled.");
public sealed record AccountIsDeleted() : Refusal("deleted", "This account is deleted.");
public sealed record AlreadyClaimed() : Refusal("alreadyClaimed", "Your organization already manages this account.");
public sealed record NotVerifiedYet()
    : Refusal("notVerifiedYet", "The person who signed up with this address has not verified it yet. "
        + "The account can be claimed after that.");
public sealed record ManagedElsewhere() : Refusal("managedElsewhere", "Another organization manages this account.");
/// <param name="By">The organization's name, where it was looked up.</param>
public sealed record ManagedByOrganization(string? By = null)
    : Refusal("managedByOrganization", $"{By ?? "An organization"} manages this account. Contact its admin.");
public sealed record NotOnDomain() : Refusal("notOnDomain", "The email address of this account is not on this domain.");
public sealed record ExcludedFromClaiming()
    : Refusal("excluded", "This account is on the exclusion list because it was unclaimed earlier.");
public sealed record UnclaimFirst()
    : Refusal("unclaimFirst", "Your organization manages this account. Unclaim it to add it to the exclusion list.");
public sealed record AlreadyExcluded() : Refusal("alreadyExcluded", "This account is already on the exclusion list.");
public sealed record NotExcluded() : Refusal("notExcluded", "This account is not on the exclusion list.");
public sealed record NoSuchAccount() : Refusal("noAccount", "There is no account with this email address.");
public sealed record NoActiveAccount()
    : Refusal("noActiveAccount", "There is no active account with this email address. "
        + "The person must sign up and verify the address first.");
public sealed record AlreadyAdmin() : Refusal("alreadyAdmin", "This account is already an admin of the organization.");
public sealed record NotAdmin() : Refusal("notAdmin", "This account is not an admin of the organization.");
public sealed record TextTooLong(string Field) : Refusal("textTooLong", $"At most {DeactivateAccount.MaxText} characters.");
public sealed record LinkVoid()
    : Refusal("linkVoid", "This link has been used, has expired or was replaced by a newer one. Request a new email.");
public sealed record MailTooSoon()
    : Refusal("mailTooSoon", "An email was sent less than a minute ago. Wait a moment, and check your spam folder.");
public sealed record TooManyMails() : Refusal("tooManyMails", "Ten emails were sent within a day. Try again tomorrow.");
public sealed record DomainNotOwned()
    : Refusal("domainNotOwned", "Your organization has not verified this domain, or the verification has lapsed.");
public sealed record FileTooLarge() : Refusal("fileTooLarge", "The file is larger than 5 MB. Split it and upload the parts one by one.");
public sealed record FileUnreadable()
    : Refusal("fileUnreadable",
        "This is not a text file with one email address per line. Save the list as CSV (UTF-8), not as a workbook.");
public sealed record FileEmpty() : Refusal("fileEmpty", "The file contains no email addresses.");
public sealed record FileRefused(string Name, string Why) : Refusal("fileRefused", $"{Name}: {Why}");
public sealed record TooManyRows(string Name, int AtMost)
    : Refusal("tooManyRows", $"{Name} has more than {AtMost:N0} rows. Split it and upload the parts together or one by one.");

public sealed record OwnedByProvider(string Provider)
    : Refusal("ownedByProvider", $"{Provider} provides this value. Change it there, and it is updated here automatically.");
public sealed record DetailUnchanged() : Refusal("detailUnchanged", "This is already the current value.");
public sealed record DetailStale(string? Present)
    : Refusal("detailStale",
        $"Someone else changed this in the meantime: it is now {(Present is null ? "empty" : $"“{Present}”")}. Your text is still "
        + "here. Save again to replace it.");
public sealed record EmailUnchanged() : Refusal("emailUnchanged", "This is already the email address of the account.");
public sealed record EmailStale(string Present)
    : Refusal("emailStale",
        $"Someone else changed the address in the meantime: it is now {Present}. Your text is still here. Save again to replace it.");
public sealed record EmailDomainForeign(string Domain)
    : Refusal("emailDomainForeign", $"Your organization has not verified {Domain}. Choose an address on one of its verified domains.");
public sealed record AccountNotActive()
    : Refusal("accountNotActive", "This account is deactivated. Reactivate it to change its details.");
public sealed record PictureTooLarge() : Refusal("pictureTooLarge", "The file is larger than 5 MB. Choose a smaller picture.");
public sealed record PictureUnreadable()
    : Refusal("pictureUnreadable", "This picture cannot be read. Choose a PNG, JPEG, GIF or WebP file.");
public sealed record PictureHasTooManyPixels()
    : Refusal("pictureHasTooManyPixels", "The picture has too many pixels. "
        + "Choose one of at most 10,000 by 10,000, and 32 million in total.");
public sealed record PictureMissing() : Refusal("pictureMissing", "Choose a picture first.");
public sealed record NoPicture() : Refusal("noPicture", "There is no picture to remove.");
public sealed record PicturesUnavailable()
    : Refusal("picturesUnavailable", "This server cannot read pictures. Contact its operator.");
