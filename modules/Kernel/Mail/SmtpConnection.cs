using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace DirectoryPlatform.Kernel.Mail;

/// <summary>What became of one try.</summary>
enum MailTry { Sent, Later, Never, NoServer }

/// <param name="Answer">The server's words, or what went wrong; null when the mail was taken.</param>
/// <param name="Code">SMTP reply code (RFC 5321, 4.2); 0 when there was none.</param>
sealed record MailAnswer(MailTry Try, string? Answer = null, int Code = 0)
{
    /// <summary>As the database takes it: without NUL and halves of characters, which a server may say or a cut may leave.</summary>
    public string? Answer { get; } = Answer is null ? null : string.Concat(Answer.EnumerateRunes()).Replace('\0', ' ');
}

/// <summary>One connection to the mail server, for some mails after one another. Each mail has one recipient, so that each has an answer
/// of its own.</summary>
sealed class SmtpConnection : IAsyncDisposable
{
    /// <summary>For one command of the conversation: servers that check for spam think for a while, RFC 5321 would grant minutes.</summary>
    internal const int TimeoutMilliseconds = 30_000;

    /// <summary>For all commands of one mail: connection and sign-in before the first, then sender, recipient and words.</summary>
    static readonly TimeSpan MostForAMail = TimeSpan.FromMinutes(3);

    /// <summary>Without an at sign nothing is an address.</summary>
    static readonly ParserOptions Strict = new() { AllowAddressesWithoutDomain = false };

    readonly SmtpClient _client = new()
    {
        Timeout = TimeoutMilliseconds,
        // As before: a node that reaches its mail server alone could ask nobody about a certificate, and would send nothing.
        CheckCertificateRevocation = false,
    };

    readonly MailSettings _settings;
    readonly SmtpTokens? _tokens;
    readonly MailboxAddress _from;

    /// <exception cref="FormatException">The setting <c>Mail:From</c> is no address.</exception>
    public SmtpConnection(MailSettings settings, SmtpTokens? tokens)
    {
        (_settings, _tokens) = (settings, tokens);
        _from = MailboxAddress.TryParse(Strict, settings.From, out var from)
            ? from
            : throw new FormatException($"Mail:From is \"{settings.From}\", expected an email address.");
    }

    /// <param name="stop">Ends the wait for a server that does not answer. A mail that is being handed over is handed over: given up in the
    /// middle it might have been taken, and would arrive twice.</param>
    /// <exception cref="OperationCanceledException">Stopped before the server was told anything of this mail.</exception>
    public async Task<MailAnswer> Send(Guid id, string recipient, WrittenMail mail, CancellationToken stop)
    {
        if (!MailboxAddress.TryParse(Strict, recipient, out var to)) return NoAddress;
        using var limit = new CancellationTokenSource(MostForAMail);
        try
        {
            if (!_client.IsConnected) await Connect(stop, limit.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { throw; }
        // Whatever stands between the product and its server is no mail's fault.
        catch (Exception broken) when (IsServers(broken) || broken is NotSupportedException)
        {
            return new(MailTry.NoServer, broken.Message, CodeOf(broken));
        }
        try
        {
            using var message = Written(id, to, mail);
            await _client.SendAsync(message, limit.Token);
            return new(MailTry.Sent);
        }
        catch (SmtpCommandException refused) { return Judge(refused); }
        // A local part beyond ASCII at a server that does not take it (RFC 6531).
        catch (NotSupportedException) { return NoAddress; }
        catch (Exception broken) when (IsServers(broken)) { return new(MailTry.NoServer, broken.Message, CodeOf(broken)); }
    }

    static readonly MailAnswer NoAddress = new(MailTry.Never, "Email cannot be sent to this address.");

    async Task Connect(CancellationToken stop, CancellationToken limit)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, limit);
        await _client.ConnectAsync(_settings.Host!, _settings.Port, _settings.Tls ? SecureSocketOptions.SslOnConnect
            : _settings.StartTls ? SecureSocketOptions.StartTls : SecureSocketOptions.None, both.Token);
        try
        {
            if (_tokens is not null) await _client.AuthenticateAsync(await _tokens.SignIn(both.Token), both.Token);
            else if (_settings.User is { } user) await _client.AuthenticateAsync(user, _settings.Password ?? "", both.Token);
        }
        catch
        {
            _tokens?.Forget();
            await _client.DisconnectAsync(quit: false, CancellationToken.None);
            throw;
        }
    }

    MimeMessage Written(Guid id, MailboxAddress to, WrittenMail mail)
    {
        var message = new MimeMessage
        {
            Subject = mail.Subject,
            MessageId = $"{id:N}@{_from.Domain}",
            Body = new BodyBuilder { TextBody = mail.Text, HtmlBody = mail.Html }.ToMessageBody(),
        };
        message.From.Add(_from);
        message.To.Add(to);
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated"); // RFC 3834: out-of-office programs stay silent
        return message;
    }

    static MailAnswer Judge(SmtpCommandException refused)
    {
        var (code, words) = ((int)refused.StatusCode, refused.Message);
        return (refused.ErrorCode, code) switch
        {
            // Sender, sign-in and encryption are the matter of whoever runs the installation: no mail is at fault.
            (SmtpErrorCode.SenderNotAccepted, >= 500) or (_, 530 or 534 or 535 or 538 or 454 or 421) => new(MailTry.NoServer, words, code),
            (_, >= 550 and <= 559) => new(MailTry.Never, words, code),
            // A command that the server does not know, or a passing refusal.
            (_, >= 400 and <= 599) => new(MailTry.Later, words, code),
            _ => new(MailTry.NoServer, words, code),
        };
    }

    static bool IsServers(Exception broken) => broken is CommandException or ProtocolException or ServiceNotConnectedException
        or ServiceNotAuthenticatedException or SslHandshakeException or AuthenticationException or SaslException or IOException
        or SocketException or TimeoutException or OperationCanceledException or HttpRequestException;

    static int CodeOf(Exception broken) => broken is SmtpCommandException { StatusCode: var code } ? (int)code : 0;

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5)); // for a farewell
        try { await _client.DisconnectAsync(quit: true, limit.Token); }
        catch (Exception gone) when (IsServers(gone)) { }
        _client.Dispose();
    }
}
