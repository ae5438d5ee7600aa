namespace DirectoryPlatform.Security;

public sealed record WrongCredentials() : Refusal("wrongCredentials", "The email address or the password is wrong.");
public sealed record TooManyAttempts(int Seconds)
    : Refusal("tooManyAttempts",
        $"Too many attempts. Try again in {(Seconds < 90 ? $"{Seconds} seconds" : $"{(Seconds + 59) / 60} minutes")}."), IRetryLater;
public sealed record ShowMailboxFirst()
    : Refusal("showMailboxFirst",
        "Too many wrong passwords were entered for this address. To sign in from here, set a new password: "
        + "choose \"Forgot your password?\" and follow the link in the email.");
public sealed record DeactivatedAtSignIn(string? Message)
    : Refusal("deactivated", Message is null
        ? "Your account is deactivated. Contact your organization's admin."
        : $"Your account is deactivated. Message from your admin: {Message}");
public sealed record VerifyEmailFirst()
    : Refusal("verifyEmailFirst", "Verify your email address first: follow the link in the email we sent you.");
/// <param name="Managed">By an organization, whose admins cancel it.</param>
/// <param name="Own">Scheduled by the person.</param>
public sealed record DeletionAtSignIn(DateTimeOffset? DueAt, bool Managed, bool Own)
    : Refusal("beingDeleted", $"Your account is scheduled for deletion on {DueAt:d MMMM yyyy}. " + (Managed
        ? "Ask your organization's admin to cancel it."
        : Own ? "Sign in with your password to cancel it."
        : "An organization scheduled this and no longer manages your account, so it can be cancelled only if the organization claims the "
            + "account again."));
/// <param name="Ticket">Lets whoever has just shown the right password cancel the
/// deletion without typing it again; see <see cref="CancelOwnDeletion"/>.</param>
public sealed record OwnDeletionAtSignIn(DateTimeOffset? DueAt, string Ticket)
    : Refusal("ownDeletion", $"Your account is scheduled for deletion on {DueAt:d MMMM yyyy}.");
public sealed record TicketVoid() : Refusal("ticketVoid", "That took too long. Sign in again to cancel the deletion.");
public sealed record SetupCodeWrong() : Refusal("setupCodeWrong", "This is not the code printed on the console.");
public sealed record SetupDone() : Refusal("setupDone", "This installation is already set up. Sign in.");
public sealed record NoSuchDevice() : Refusal("noSuchDevice", "This device was already signed out or does not exist.");
public sealed record RefreshTokenVoid() : Refusal("refreshTokenVoid", "This refresh token is not valid. Sign in again.");
public sealed record RefreshedJustNow()
    : Refusal("refreshedJustNow", "This refresh token was used a moment ago. Use the response to that request.");
public sealed record NoSuchApiToken() : Refusal("noSuchApiToken", "This API token was already revoked or does not exist.");
public sealed record ApiTokensBlocked()
    : Refusal("apiTokensBlocked", "The authentication policy of your organization does not allow API tokens.");
public sealed record TooManyApiTokens(int AtMost)
    : Refusal("tooManyApiTokens", $"You have reached the limit of {AtMost} API tokens. Revoke one first.");
/// <summary>So many wait for a hash that one more would only wait in vain.</summary>
public sealed record TooBusy(int Seconds)
    : Refusal("tooBusy",
        $"Too many people are signing in or setting passwords right now. Nothing was done. Try again in {Waits.InWords(Seconds)}."),
        IRetryLater;

/// <summary>The password was right, and something is left to do before the session begins.</summary>
/// <param name="Ticket">Stands for what has been shown so far: sealed, for this account and password only,
/// good for ten minutes. No session.</param>
/// <param name="ReturnTo">Where a visit to the identity provider leads on to, as it was given; null for none, and after a password.</param>
public sealed record StepNeeded(SignInStep Step, string Ticket, string? ReturnTo = null) : Refusal("stepNeeded", Step switch
{
    SignInStep.TwoStepCode => "Enter the code from your authenticator app.",
    SignInStep.NewPassword => "Choose a new password.",
    SignInStep.SetUpTwoStep => "Set up two-step verification.",
});

public sealed record SignInTicketVoid()
    : Refusal("signInTicketVoid", "That took too long, or something changed in the meantime. Sign in again.");
public sealed record TwoStepAlreadyOn() : Refusal("twoStepAlreadyOn", "Two-step verification is already on.");
public sealed record TwoStepOff() : Refusal("twoStepOff", "Two-step verification is off for this account.");
public sealed record TwoStepMandatory()
    : Refusal("twoStepMandatory", "Your organization requires two-step verification, so it cannot be turned off.");
public sealed record EnrolmentVoid()
    : Refusal("enrolmentVoid", "This page has expired. Here is a new key: add it to your app in place of the last one.");
