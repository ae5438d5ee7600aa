namespace DirectoryPlatform.Kernel.Mail;

/// <summary>What this node's tries to send say of the mail server, and of itself.</summary>
sealed class MailServerState
{
    volatile bool _isGone;
    long _tries;

    /// <summary>Whether the server could not be used at the last try.</summary>
    public bool IsGone => _isGone;

    /// <summary>How often this node has tried: each is a step forward, also while what waits stands behind the emails it has borrowed.
    /// </summary>
    public long Tries => Interlocked.Read(ref _tries);

    public void Tried(bool gone)
    {
        _isGone = gone;
        Interlocked.Increment(ref _tries);
    }
}
