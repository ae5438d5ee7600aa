using DirectoryPlatform.Kernel;

namespace DirectoryPlatform.Accounts.Profiles;

/// <summary>What people are told about changes of their address.</summary>
static class EmailChangeMails
{
    public static Mail Confirm(string name, EmailAddress to, string link) => new(to.Value, "Confirm your new email address", $"""
        Hello {name},

        please confirm that your account shall have this email address from now on. The link works once, for 24 hours:

        {link}

        If you did not ask for this, do nothing: nothing changes without the link.
        """);

    /// <summary>Only the owner of the mailbox learns that there is an account.</summary>
    public static Mail AddressInUse(EmailAddress to, PublicAddress address) => new(to.Value, "This email address has an account already", $"""
        Somebody, probably you, wanted to give their account this email address. Another account has it already. Sign in to that one here:

        {address.Link("/sign-in")}
        """);

    public static IReadOnlyList<Mail> Changed(string name, EmailAddressChanged fact, PublicAddress address)
    {
        var how = fact.By is null ? "The change was confirmed by a link sent to the new address." : "An admin of the organization that manages your account made the change.";
        return
        [
            new(fact.Before, "The email address of your account was changed", $"""
                Hello {name},

                your account now has the email address {fact.Email}. Sign in with it from now on; this address has no account any more. {how}

                All sessions were ended. If you think that this is a mistake, ask {(fact.By is null ? "the people who run this platform" : "your organization's admin")}.
                """, fact.By?.Value, StableId.Of(fact.Account, fact.At, "email changed", "old")),
            new(fact.Email, "Your account has this email address now", $"""
                Hello {name},

                your account has this email address from now on; before, it had {fact.Before}. {how} Sign in here:

                {address.Link("/sign-in")}
                """, fact.By?.Value, StableId.Of(fact.Account, fact.At, "email changed", "new")),
        ];
    }
}
