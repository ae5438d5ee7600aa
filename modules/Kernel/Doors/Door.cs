namespace DirectoryPlatform.Kernel.Doors;

/// <summary>How often is all right: as many at once, and as many again in each such time.</summary>
public readonly record struct Pace(int AtOnce, TimeSpan Per);

/// <summary>A place where somebody who has not shown who they are has the platform do something (SPEC S11).</summary>
/// <param name="Network">For each network that people come from: an address, or a /64 of IPv6.
/// An office behind one address shares it.</param>
/// <param name="Target">For each address, link or organization that is asked for, from wherever; null where there is none.</param>
public sealed record Door(string Name, Pace Network, Pace? Target = null);

/// <summary>
/// All of them, and their numbers (own choices). Whoever is known to the account, by a session that began at the same network, is not
/// counted at <see cref="SignIn"/>.
/// A target's pace returns within seconds, so that strangers who close it hold its person up for seconds and never for a day.
/// </summary>
public static class Doors
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), TenMinutes = TimeSpan.FromMinutes(10), Hour = TimeSpan.FromHours(1);

    /// <summary>Name and password. Wrong ones have growing pauses besides.</summary>
    public static Door SignIn { get; } = new("sign-in", new(300, TenMinutes), new(100, TenMinutes));

    /// <summary>
    /// Each sends a mail to an address that anybody may type. Signing up again is how the verification mail is asked for again.
    /// </summary>
    public static Door SignUp { get; } = new("sign-up", new(30, Hour), new(5, Hour));

    /// <summary>Each sends a mail.</summary>
    public static Door ForgottenPassword { get; } = new("forgotten-password", new(20, TenMinutes), new(10, TimeSpan.FromMinutes(5)));

    /// <summary>The link of a forgotten password: each answer with a password costs hashes.</summary>
    public static Door ResetLink { get; } = new("reset-link", new(60, TenMinutes), new(10, TenMinutes));

    /// <summary>The link of a verification mail, behind which a password is set.</summary>
    public static Door VerificationLink { get; } = new("verification-link", new(60, TenMinutes), new(10, TenMinutes));

    /// <summary>The links of a change of address: that confirms it, stops it, or takes it back.</summary>
    public static Door EmailChangeLink { get; } = new("email-change-link", new(60, TenMinutes), new(10, TenMinutes));

    /// <summary>Joining by the link of an invitation. On the day of an introduction a whole office does.</summary>
    public static Door Invitation { get; } = new("invitation", new(200, TenMinutes), new(10, TenMinutes));

    /// <summary>Whether an address leads to an identity provider.</summary>
    public static Door ProviderLookUp { get; } = new("provider-look-up", new(300, TenMinutes), new(30, TenMinutes));

    /// <summary>On the way to an organization's identity provider and back: signatures are checked.</summary>
    public static Door Provider { get; } = new("provider", new(600, TenMinutes));

    public static Door SetupCode { get; } = new("setup-code", new(10, TenMinutes), new(20, TenMinutes));

    public static Door ApiReference { get; } = new("api-reference", new(60, Minute));

    /// <summary>The meter under a new password is asked while it is typed.</summary>
    public static Door PasswordStrength { get; } = new("password-strength", new(300, Minute));

    /// <summary>A program that asks for an API key by a code; each leaves a row.</summary>
    public static Door DeviceCode { get; } = new("device-code", new(30, TenMinutes));

    /// <summary>Codes of such programs that an admin types. Whoever does is signed in, so that no stranger comes to it: it bounds guesses
    /// at the codes of others. Reading a request and answering it count one each. The target is the admin.</summary>
    public static Door UserCode { get; } = new("user-code", new(200, TenMinutes), new(20, TenMinutes));

    /// <summary>Those that anybody may ask at.</summary>
    public static IReadOnlyList<Door> All { get; } =
    [
        SignIn, SignUp, ForgottenPassword, ResetLink, VerificationLink, EmailChangeLink,
        Invitation, ProviderLookUp, Provider, SetupCode, ApiReference, PasswordStrength, DeviceCode,
    ];
}

/// <summary>What an installation can say about its doors.</summary>
public sealed record DoorSettings
{
    /// <summary>
    /// All numbers of <see cref="Doors"/> are multiplied by this: for an installation whose people come through very few addresses.
    /// </summary>
    public double Times { get; init; } = 1;

    /// <summary>After so long without an answer a node's own count decides. Tests that count exactly have more.</summary>
    public TimeSpan Patience { get; init; } = SharedCounts.Patience;
}
