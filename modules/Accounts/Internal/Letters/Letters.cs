namespace DirectoryPlatform.Accounts.Internal.Letters;

/// <param name="Name">The person's name.</param>
/// <param name="Link">Absolute; a secret.</param>
sealed record EmailVerificationLetter(string Name, string Link) : Letter;

/// <summary>Your organization manages your account now (SPEC C5).</summary>
sealed record ClaimedNoticeLetter(string Name, string Email, string Link) : Letter
{
    public override bool CanWait => true;
}

/// <summary>Your account is yours again (SPEC C7).</summary>
sealed record UnclaimedNoticeLetter(string Name, string Email, string Link) : Letter
{
    public override bool CanWait => true;
}

/// <param name="Message">The admin's words to the person; null for none.</param>
sealed record AccountDeactivatedLetter(string Name, string? Message) : Letter;

/// <param name="Due">When the personal data is erased, in words.</param>
/// <param name="ByYourself">True when the person asked for it.</param>
sealed record DeletionScheduledLetter(string Name, string Due, bool ByYourself, string Link) : Letter;

sealed record DeletionCancelledLetter(string Name, string Link) : Letter;

/// <summary>To the address that a person wants to have (SPEC A12).</summary>
/// <param name="Link">Absolute; a secret.</param>
sealed record EmailConfirmationLetter(string Name, string Link) : Letter;

/// <summary>In place of the confirmation, when another account has the address: only the owner of the mailbox learns it.</summary>
sealed record EmailInUseLetter(string Link) : Letter;

/// <summary>To the present address, when the person asks for another one (SPEC A15).</summary>
/// <param name="Email">The address that was asked for.</param>
/// <param name="Link">Absolute; a secret: stops the change.</param>
/// <param name="Forgot">To "forgot your password", for whoever did not ask.</param>
sealed record EmailChangeAskedLetter(string Name, string Email, string Link, string Forgot) : Letter;

/// <summary>To the old address, after the person has confirmed another one (SPEC A15).</summary>
/// <param name="Until">In words: how long the address can be taken back.</param>
/// <param name="Link">Absolute; a secret: takes it back.</param>
sealed record EmailLeftLetter(string Name, string Email, string Until, string Link) : Letter;

/// <summary>To an address that was taken back (SPEC A15).</summary>
/// <param name="Before">The one that the account had in between.</param>
/// <param name="Link">To "forgot your password".</param>
sealed record EmailTakenBackLetter(string Name, string Before, string Link) : Letter;

/// <summary>To the address that an account had in between, after the one before was taken back.</summary>
sealed record EmailGivenUpLetter(string Name) : Letter;

/// <summary>To the other admins of an organization, when an admin has given one of them another address (SPEC S13).</summary>
/// <param name="Admin">Whose address it is.</param>
/// <param name="By">Who changed it.</param>
/// <param name="Link">To the admin's page.</param>
sealed record AdminEmailChangedLetter(string Name, string Admin, string By, string Before, string Email, string Link) : Letter;

/// <summary>To the old address, after the account has got another one by an admin, a program or a provider (SPEC M4, A15):
/// without a way back.</summary>
/// <param name="ByAdmin">True when an admin of the managing organization changed it.</param>
sealed record EmailChangedLetter(string Name, bool ByAdmin) : Letter;

/// <summary>To the new address.</summary>
/// <param name="Before">The address before.</param>
sealed record EmailGivenLetter(string Name, string Before, bool ByAdmin, string Link) : Letter;

/// <summary>To whom another admin has made an admin of the organization (SPEC S7).</summary>
sealed record AdminAppointedLetter(string Name, string Link) : Letter;

/// <summary>To whom is an admin no longer.</summary>
/// <param name="ByYourself">True when the person has left by the own choice.</param>
sealed record AdminDismissedLetter(string Name, bool ByYourself) : Letter;

/// <summary>To the admins of the owner: somebody else has shown the token of a domain (SPEC D10).</summary>
sealed record DomainContestedLetter(string Domain) : Letter;

/// <summary>To the admins of the one who showed it.</summary>
sealed record DomainOwnedElsewhereLetter(string Domain) : Letter;

/// <summary>To admins, at once (SPEC D9).</summary>
/// <param name="Saw">What the look saw, in one or two sentences.</param>
sealed record DomainTokenMissingLetter(string Domain, string Deadline, string Saw, string Link) : Letter;

/// <summary>To admins, 7 days and 1 day before the end (SPEC D9).</summary>
/// <param name="Left">"7 days", "1 day".</param>
sealed record DomainDeadlineNearLetter(string Domain, string Deadline, string Left, string Saw, string Link) : Letter;

/// <summary>To admins, when the 14 days have passed (SPEC D9).</summary>
sealed record DomainLostLetter(string Domain, string Link) : Letter;

/// <param name="Title">The job's own.</param>
/// <param name="Failure">Why it stopped; null when it is done.</param>
sealed record JobFinishedLetter(string Title, string Items, string? Failure, string Link) : Letter;
