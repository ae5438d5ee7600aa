using DirectoryPlatform.Kernel;

namespace DirectoryPlatform.Security;

public sealed record WrongCredentials() : Refusal("wrongCredentials", "The email address or the password is wrong.");
public sealed record TooManyAttempts(int Seconds) : Refusal("tooManyAttempts", $"Too many attempts. Try again in {(Seconds < 90 ? $"{Seconds} seconds" : $"{(Seconds + 59) / 60} minutes")}.");
public sealed record DeactivatedAtSignIn(string? Message)
    : Refusal("deactivated", Message is null ? "Your account is deactivated. Ask your organization's admin." : $"Your account is deactivated. Message from your admin: {Message}");
public sealed record VerifyEmailFirst() : Refusal("verifyEmailFirst", "Verify your email address first: follow the link in the mail that we have sent to you.");
public sealed record DeletionAtSignIn(DateTimeOffset? DueAt) : Refusal("beingDeleted", $"Your account is scheduled for deletion on {DueAt:d MMMM yyyy}. Ask your organization's admin to cancel it.");
public sealed record SetupCodeWrong() : Refusal("setupCodeWrong", "This is not the code that the console has printed.");
public sealed record SetupDone() : Refusal("setupDone", "This installation is set up already. Sign in.");
