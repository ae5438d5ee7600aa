namespace DirectoryPlatform.Sites.Internal.Letters;

/// <summary>To whom an admin has given a site, or the access to one app on it, to look after (SPEC S7).</summary>
/// <param name="App">Null for the whole site.</param>
sealed record SiteAdminAppointedLetter(string Name, string Site, string? App, string Link) : Letter;

/// <summary>To an address that is invited to a site (SPEC U3).</summary>
/// <param name="By">Who invites; null when the platform does.</param>
/// <param name="Note">The inviter's own words; null for none.</param>
/// <param name="Link">Absolute; a secret.</param>
sealed record InvitationLetter(string Site, string? By, string? Note, string Until, string Link) : Letter;

/// <summary>To somebody who has an account and is in at once (SPEC U3).</summary>
sealed record AddedToSiteLetter(string Name, string Site, string? By, string? Note, string Link) : Letter;

/// <summary>What an admin proposes to an external person (SPEC U7).</summary>
/// <param name="Link">To the page on which the person, signed in, says yes or no.</param>
sealed record DetailsSuggestedLetter(string Name, string Link) : Letter;
