namespace DirectoryPlatform.Security;

/// <summary>What can be left to do between the right password and the session, in this order (SPEC S1, S2, M7).</summary>
public enum SignInStep { TwoStepCode, NewPassword, SetUpTwoStep }
