namespace DirectoryPlatform.Security.Internal.Sessions;

/// <summary>How long a session lasts, settled at the sign-in (SPEC S5, S6).</summary>
static class SessionLife
{
    /// <summary>An app that is used once a month stays signed in, as the longest that a policy may grant (S5), and is asked once a year
    /// whatever happens (own choice).</summary>
    static readonly TimeSpan MobileIdle = TimeSpan.FromDays(30), MobileLife = TimeSpan.FromDays(365);

    /// <summary>What a policy says holds for every kind; only where there is none do apps last longer than browsers.</summary>
    public static (TimeSpan Idle, TimeSpan Life) Of(PolicyRules rules, bool mobile) =>
        mobile && rules == PolicyRules.WithoutPolicy ? (MobileIdle, MobileLife) : (rules.SessionIdle, rules.SessionLife);
}
