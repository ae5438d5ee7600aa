using System.Security.Cryptography;
using System.Text;
using Dapper;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Kernel;
using DirectoryPlatform.Kernel.Names;
using DirectoryPlatform.Sites;
using MediatR;
using Npgsql;

namespace DirectoryPlatform.Security;

/// <summary>True while there is no organization at all: the first visit is led to setup (SPEC R4).</summary>
public sealed record IsSetupNeeded : IRequest<bool>;

/// <summary>Creates the first account and organization, guarded by the one-time code that the console printed (SPEC R4).</summary>
public sealed record SetUp(string? Code, string? OrganizationName, string? Name, string? Email, string? Password, Origin Origin)
    : IRequest<Outcome<Done>>;

/// <summary>One-time codes for the first visit; only their hashes are kept.</summary>
public sealed class SetupCodes(NpgsqlDataSource database)
{
    /// <returns>A new code such as "7KQ2-MX4D-9TRF", valid until setup is done.</returns>
    public async Task<string> New(CancellationToken ct)
    {
        const string letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"; // without look-alikes
        var code = string.Join('-', Enumerable.Range(0, 3).Select(_ => RandomNumberGenerator.GetString(letters, 4)));
        await using var connection = await database.OpenConnectionAsync(ct);
        await connection.ExecuteAsync("insert into security.setup_code (hash) values (@hash)", new { hash = HashOf(code) });
        return code;
    }

    /// <summary>Takes the code out of the database: true for one caller only, and all other codes die with it.</summary>
    public async Task<bool> Use(string? code, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync("delete from security.setup_code where hash = @hash", new { hash = HashOf(code ?? "") }) == 1;
    }

    static byte[] HashOf(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code.Trim().ToUpperInvariant()));
}

sealed class SetupNeed(IMediator mediator) : IRequestHandler<IsSetupNeeded, bool>
{
    public async Task<bool> Handle(IsSetupNeeded query, CancellationToken ct) => !await mediator.Send(new IsThereAnyOrganization(), ct);
}

/// <summary>The first visit (SPEC R4) touches organizations, accounts and passwords.</summary>
sealed class SetUpHandler(IMediator mediator, ILimiter limiter, SetupCodes codes) : IRequestHandler<SetUp, Outcome<Done>>
{
    public async Task<Outcome<Done>> Handle(SetUp command, CancellationToken ct)
    {
        if (await mediator.Send(new IsThereAnyOrganization(), ct)) return new SetupDone();
        // One target for all: there is one code to guess.
        if (await limiter.Enter(Doors.SetupCode, command.Origin, "setup", ct) is { } closed) return closed;
        var email = EmailAddress.Parse(command.Email);
        if (!email.Granted) return email.Refusal;
        var named = PlainText.ReadName(command.Name);
        if (!named.Granted) return named.Refusal;
        var name = named.Value;
        if ((await mediator.Send(new MeasurePassword(command.Password, null, email.Value.Value, name, command.OrganizationName),
            ct)).Refusal is { } weak) return weak;
        if (PlainText.ReadName(command.OrganizationName, "organizationName").Refusal is { } unnamed) return unnamed;
        if (!await codes.Use(command.Code, ct)) return new SetupCodeWrong();
        var (account, organization) = (new AccountId(Guid.CreateVersion7()), new OrganizationId(Guid.CreateVersion7()));
        var origin = command.Origin with { Actor = account.Value };
        // Whoever reads the console of the machine needs no proof of the mailbox.
        var signedUp = await mediator.Send(new SignUpAccount(account, email.Value, name, true, null, origin), ct);
        if (!signedUp.Granted) return signedUp.Refusal;
        var given = await mediator.Send(new GivePassword([account], command.Password!), ct);
        if (!given.Granted) return given.Refusal;
        var created = await mediator.Send(new CreateOrganization(organization, null, command.OrganizationName, origin), ct);
        if (!created.Granted) return created.Refusal;
        return (await mediator.Send(new AppointOrganizationAdmin(account, organization, origin), ct)).Map(_ => Done.It);
    }
}
