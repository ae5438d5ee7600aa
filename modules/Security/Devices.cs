using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Security;

/// <summary>Where an account is signed in now (SPEC S3), latest first; at most 100.</summary>
/// <param name="By">The organization that asks; refused with <see cref="NotFound"/> when it does not manage the account.
/// Null for the person.</param>
public sealed record ReadDevices(AccountId Account, OrganizationId? By) : IRequest<Outcome<IReadOnlyList<DeviceView>>>;

/// <param name="Name">"Firefox on Linux", or what an app calls its device.</param>
/// <param name="Kind">"browser" or "mobile".</param>
/// <param name="LastActiveAt">To the minute.</param>
public sealed record DeviceView(Guid Id, string Name, string Kind, string? Address, DateTimeOffset CreatedAt, DateTimeOffset LastActiveAt);

/// <summary>Ends one session at once (SPEC S3, M6). No ban: the person can sign in again. One that has ended, is another account's or never
/// was is answered alike.</summary>
/// <param name="By">As in <see cref="ReadDevices"/>; the person is then told by mail.</param>
public sealed record LogOutDevice(AccountId Account, Guid Device, OrganizationId? By, Origin Origin) : IRequest<Outcome<DeviceView>>;

/// <summary>Ends all sessions at once.</summary>
/// <param name="ButNot">The session that stays: that of whoever asks.</param>
/// <returns>How many.</returns>
public sealed record LogOutEverywhere(AccountId Account, Guid? ButNot, OrganizationId? By, Origin Origin) : IRequest<Outcome<long>>;
