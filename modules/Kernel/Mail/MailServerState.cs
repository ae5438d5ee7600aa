namespace DirectoryPlatform.Kernel.Mail;

/// <summary>Whether the mail server could be used when this node last tried.</summary>
sealed class MailServerState
{
    volatile bool _isGone;

    public bool IsGone
    {
        get => _isGone;
        set => _isGone = value;
    }
}
