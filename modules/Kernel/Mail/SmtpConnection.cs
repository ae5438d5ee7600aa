using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Security.Authentication;

namespace DirectoryPlatform.Kernel.Mail;

/// <summary>What became of one try.</summary>
enum MailTry { Sent, Later, Never, NoServer }

/// <param name="Answer">The server's words, or what went wrong; null when the mail was taken.</param>
/// <param name="Code">SMTP reply code (RFC 5321, 4.2); 0 when there was none.</param>
sealed record MailAnswer(MailTry Try, string? Answer = null, int Code = 0);

/// <summary>One connection to the mail server, for some mails after one another. MailKit would tell more but cannot be had here;
/// System.Net.Mail speaks STARTTLS and AUTH.</summary>
sealed class SmtpConnection : IDisposable
{
    /// <summary>For one command of the conversation: servers that check for spam think for a while, RFC 5321 would grant minutes.</summary>
    internal const int TimeoutMilliseconds = 30_000;

    readonly SmtpClient _client;
    readonly MailAddress _from;

    /// <exception cref="FormatException">The setting <c>Mail:From</c> is no address.</exception>
    public SmtpConnection(MailSettings settings)
    {
        _from = new MailAddress(settings.From);
        _client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.StartTls, Timeout = TimeoutMilliseconds };
        if (settings.User is not null) _client.Credentials = new NetworkCredential(settings.User, settings.Password);
    }

    public MailAnswer Send(Guid id, string recipient, WrittenMail mail)
    {
        if (!MailAddress.TryCreate(recipient, out var to)) return new(MailTry.Never, "Email cannot be sent to this address.");
        using var message = new MailMessage(_from, to) { Subject = mail.Subject, Body = mail.Text };
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(mail.Html, null, MediaTypeNames.Text.Html));
        message.Headers.Add("Message-ID", $"<{id:N}@{_from.Host}>");
        message.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: out-of-office programs stay silent
        try
        {
            // The asynchronous twin knows no timeout and opens a connection for every mail.
            _client.Send(message);
            return new(MailTry.Sent);
        }
        catch (SmtpException refused) { return Judge(refused); }
        // A certificate that is not trusted comes as it is, not as an SMTP error.
        catch (Exception broken)
        when (broken is IOException or InvalidOperationException or AuthenticationException)
        {
            return new(MailTry.NoServer, broken.Message);
        }
    }

    static MailAnswer Judge(SmtpException refused)
    {
        var code = (int)refused.StatusCode;
        var words = refused.InnerException is { } inner ? $"{refused.Message} {inner.Message}" : refused.Message;
        return code switch
        {
            // Sign-in and encryption are the matter of whoever runs the installation: no mail is at fault.
            530 or 534 or 535 or 538 or 454 or 421 => new(MailTry.NoServer, words, code),
            >= 550 and <= 559 => new(MailTry.Never, words, code),
            // A command that the server does not know, or a passing refusal.
            >= 400 and <= 599 => new(MailTry.Later, words, code),
            _ => new(MailTry.NoServer, words),
        };
    }

    public void Dispose() => _client.Dispose();
}
