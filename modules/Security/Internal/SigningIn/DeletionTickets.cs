using System.Globalization;
using System.Security.Cryptography;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Security.Internal.Passwords;
using MediatR;
using Microsoft.AspNetCore.DataProtection;

namespace DirectoryPlatform.Security.Internal.SigningIn;

/// <summary>Sealed by the keys that all nodes share; nothing is stored.</summary>
sealed class DeletionTickets(IDataProtectionProvider protection, TimeProvider clock)
{
    static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    readonly IDataProtector _protector = protection.CreateProtector("cancel own deletion");

    /// <param name="stamp">Of the password that was shown.</param>
    public string Issue(AccountId account, DateTimeOffset dueAt, Guid stamp) =>
        _protector.Protect(
            string.Create(CultureInfo.InvariantCulture, $"{account} {dueAt.UtcTicks} {stamp} {(clock.GetUtcNow() + Life).UtcTicks}"));

    /// <returns>Null for anything that is not a ticket of ours, or no longer one.</returns>
    public (AccountId Account, DateTimeOffset DueAt, Guid Stamp)? Read(string? ticket)
    {
        if (string.IsNullOrEmpty(ticket) || ticket.Length > 1_000) return null;
        try
        {
            return _protector.Unprotect(ticket).Split(' ') is [var account, var due, var stamp, var until]
                && long.Parse(until, CultureInfo.InvariantCulture) > clock.GetUtcNow().UtcTicks
                ? (new(Guid.Parse(account)), new(long.Parse(due, CultureInfo.InvariantCulture), TimeSpan.Zero), Guid.Parse(stamp))
                : null;
        }
        catch (CryptographicException) { return null; }
    }
}

sealed class CancelOwnDeletionHandler(IMediator mediator, DeletionTickets tickets, PasswordStore passwords, SignInFlow flow)
    : IRequestHandler<CancelOwnDeletion, Outcome<SignedIn>>
{
    public async Task<Outcome<SignedIn>> Handle(CancelOwnDeletion command, CancellationToken ct)
    {
        if (tickets.Read(command.Ticket) is not var (id, dueAt, stamp)) return new TicketVoid();
        // Changed or reset since it was shown: whoever showed it may be somebody else (SPEC A14).
        if (await passwords.Of(id, ct) is not { } password || password.Stamp != stamp) return new TicketVoid();
        var account = await mediator.Send(new ReadAccount(id), ct);
        if (!account.Granted || account.Value.DeletionDueAt != dueAt) return new TicketVoid();
        var cancelled = await mediator.Send(new CancelDeletion(id, null, command.Origin with { Actor = id.Value }), ct);
        if (!cancelled.Granted) return cancelled.Refusal;
        return await flow.Continue(id, password, codeShown: true, command.Device, command.Origin, ct);
    }
}
