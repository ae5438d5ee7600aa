using MediatR;

namespace DirectoryPlatform.Accounts;

/// <summary>A new profile picture (SPEC M5): PNG, JPEG, GIF or WebP, 5 MB at most.
/// What is kept and served is a square that we made ourselves.</summary>
/// <param name="Organization">The managing organization, or null when the person changes the own picture.</param>
/// <param name="Content">Read to its end or to the limit; null when none was chosen.</param>
public sealed record UploadPicture(AccountId Account, OrganizationId? Organization, Stream? Content, Origin Origin)
    : IRequest<Outcome<Done>>
{
    /// <summary>SPEC M5.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;
}

/// <summary>The picture that stands now. Refused with <see cref="NotFound"/> when there is none,
/// and for whoever may not see the account.</summary>
/// <param name="Organization">The managing organization, or null when <paramref name="Viewer"/> looks at the own one.</param>
public sealed record ReadPicture(AccountId Account, OrganizationId? Organization, AccountId Viewer) : IRequest<Outcome<PictureFile>>;

/// <param name="Content">Always WebP, 256 by 256.</param>
public sealed record PictureFile(Guid Id, byte[] Content)
{
    public const string MediaType = "image/webp";
}
