namespace DirectoryPlatform.Accounts;

public sealed record OwnedByProvider(string Provider)
    : Refusal("ownedByProvider", $"{Provider} provides this value. Change it there; it comes here by itself.");
public sealed record DetailUnchanged() : Refusal("detailUnchanged", "This is what it says already.");
public sealed record DetailStale(string? Present)
    : Refusal("detailStale",
        $"Somebody changed this in the meantime: it now says {(Present is null ? "nothing" : $"“{Present}”")}. Your text is still here; "
        + "save again to replace it.");
public sealed record EmailUnchanged() : Refusal("emailUnchanged", "This is the email address of the account already.");
public sealed record EmailStale(string Present)
    : Refusal("emailStale",
        $"Somebody changed the address in the meantime: it is now {Present}. Your text is still here; save again to replace it.");
public sealed record EmailDomainForeign(string Domain)
    : Refusal("emailDomainForeign", $"Your organization has not verified {Domain}. Choose an address on one of its own domains.");
public sealed record AccountNotActive()
    : Refusal("accountNotActive", "This account is deactivated. Its details can be changed when it is active again.");
public sealed record PictureTooLarge() : Refusal("pictureTooLarge", "The file is over 5 MB. Choose a smaller picture.");
public sealed record PictureUnreadable()
    : Refusal("pictureUnreadable", "This is not a picture that we can read. Choose a PNG, JPEG, GIF or WebP file.");
public sealed record PictureHasTooManyPixels()
    : Refusal("pictureHasTooManyPixels", "The picture has too many pixels. Choose one of at most 10,000 by 10,000, and 32 million in all.");
public sealed record PictureMissing() : Refusal("pictureMissing", "Choose a picture first.");
public sealed record NoPicture() : Refusal("noPicture", "There is no picture to remove.");
public sealed record PicturesUnavailable()
    : Refusal("picturesUnavailable", "This server cannot read pictures: its library libgd is not installed. Ask who runs it.");
