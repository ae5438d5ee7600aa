namespace DirectoryPlatform.Security;

/// <summary>The password was right, and something is left to do before the session begins.</summary>
/// <param name="Ticket">Stands for what has been shown so far: sealed, for this account and password only,
/// good for ten minutes. No session.</param>
public sealed record StepNeeded(SignInStep Step, string Ticket) : Refusal("stepNeeded", Step switch
{
    SignInStep.TwoStepCode => "Enter the code of your authenticator app.",
    SignInStep.NewPassword => "Choose a new password.",
    SignInStep.SetUpTwoStep => "Set up two-step verification.",
});

public sealed record SignInTicketVoid()
    : Refusal("signInTicketVoid", "That took too long, or something has changed meanwhile. Sign in again.");
public sealed record TwoStepAlreadyOn() : Refusal("twoStepAlreadyOn", "Two-step verification is on already.");
public sealed record TwoStepOff() : Refusal("twoStepOff", "Two-step verification is off for this account.");
public sealed record TwoStepMandatory() : Refusal("twoStepMandatory", "Your organization asks for two-step verification, so it stays on.");
public sealed record EnrolmentVoid()
    : Refusal("enrolmentVoid", "This page is over an hour old. Here is a new key: add it to your app in place of the last one.");
