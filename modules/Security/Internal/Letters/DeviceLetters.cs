namespace DirectoryPlatform.Security.Internal.Letters;

/// <summary>To the person, at a sign-in from a device never seen before on the account.</summary>
/// <param name="Device">"Firefox on Linux".</param>
/// <param name="At">In words.</param>
sealed record NewDeviceLetter(string Name, string Device, string Address, string At, string Link) : Letter;

/// <summary>To the person whom an admin has logged out (SPEC M6).</summary>
/// <param name="Device">Its name, or "all your devices".</param>
sealed record LoggedOutLetter(string Name, string Device, string Link) : Letter
{
    public override bool CanWait => true;
}

/// <summary>To the person, after a new API token was made in the own name (SPEC S4).</summary>
sealed record ApiTokenCreatedLetter(string Name, string Label, string Expires, string Link) : Letter;

/// <summary>To the person whose API token an admin has revoked (SPEC M8).</summary>
sealed record ApiTokenRevokedLetter(string Name, string Label, string Link) : Letter;

/// <summary>To the person all of whose API tokens an admin has revoked, together with others'.</summary>
/// <param name="Labels">In words.</param>
sealed record ApiTokensRevokedLetter(string Name, string Labels, string Link) : Letter
{
    public override bool CanWait => true;
}
