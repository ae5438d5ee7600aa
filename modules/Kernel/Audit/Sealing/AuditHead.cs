namespace DirectoryPlatform.Kernel.Audit.Sealing;

/// <summary>How far a chain reached. Kept where the database's owner cannot write,
/// it shows later that the chain was not cut or written anew.</summary>
/// <param name="Hash">Hexadecimal.</param>
public sealed record AuditHead(Guid Chain, long Seal, string Hash)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"head {Chain} {Seal} {Hash}");
}

public static class AuditHeads
{
    /// <param name="lines">Of an earlier check; lines of another kind are passed over.</param>
    public static IReadOnlyList<AuditHead> Read(IEnumerable<string> lines) =>
    [
        .. lines.Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(w => w is ["head", _, _, _, ..] && Guid.TryParse(w[1], out _) && long.TryParse(w[2], CultureInfo.InvariantCulture, out _))
            .Select(w => new AuditHead(Guid.Parse(w[1]), long.Parse(w[2], CultureInfo.InvariantCulture), w[3])),
    ];
}
