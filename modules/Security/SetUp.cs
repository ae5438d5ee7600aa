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
        await database.Write("insert into security.setup_code (hash) values (@hash)", new { hash = HashOf(code) }, ct);
        return code;
    }

    /// <summary>Takes the code out of the database: true for one caller only, and all other codes die with it.</summary>
    public async Task<bool> Use(string? code, CancellationToken ct) =>
        await database.Write("delete from security.setup_code where hash = @hash", new { hash = HashOf(code ?? "") }, ct) == 1;

    static byte[] HashOf(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code.Trim().ToUpperInvariant()));
}
