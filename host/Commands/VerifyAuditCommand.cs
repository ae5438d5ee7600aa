using System.CommandLine;
using DirectoryPlatform.Host.Startup;

namespace DirectoryPlatform.Host.Commands;

/// <summary><c>verify-audit</c>: whether the sealed audit log is as it was sealed, of the database or of an exported file (SPEC R5, L2). A
/// file needs no database.</summary>
static class VerifyAuditCommand
{
    /// <summary>Named at most; the rest is counted.</summary>
    const int MostNamed = 100;

    public static Command Define(Option<DirectoryInfo> data)
    {
        var file = new Argument<FileInfo>("file")
        {
            Description = "An exported log (JSON lines); the database's own log when not given",
            Arity = ArgumentArity.ZeroOrOne
        };
        var heads = new Option<FileInfo>(
            "--heads")
        { Description = "Output of an earlier run, kept elsewhere: the chains must still contain its heads" };
        file.AcceptExistingOnly();
        heads.AcceptExistingOnly();
        var command = new Command("verify-audit",
            "Check that the audit log is as it was sealed. Ends with 0 when it is, with 1 when something is broken.") { file, heads };
        command.SetAction(async (p, ct) =>
        {
            var known = p.GetValue(heads) is { } kept ? AuditHeads.Read(await File.ReadAllLinesAsync(kept.FullName, ct)) : [];
            if (p.GetValue(file) is { } source)
            {
                await using var input = source.OpenRead();
                try { return await Run(AuditFile.Read(input, ct), known, null, ct); }
                catch (InvalidDataException unreadable)
                {
                    Console.Error.WriteLine(unreadable.Message);
                    return 1;
                }
            }
            await using var installation = await Installation.Open(CommandLine.Configuration(), p.GetValue(data)!, ct);
            await using var database = Database.Open(installation.ConnectionString);
            return await Run(new SealedLog(database), known, ct);
        });
        return command;
    }

    /// <summary>Of a whole database.</summary>
    internal static Task<int> Run(SealedLog log, IReadOnlyList<AuditHead> known, CancellationToken ct) =>
        Run(log.Seals(null, ct), known, log, ct);

    static async Task<int> Run(IAsyncEnumerable<AuditSeal> seals, IReadOnlyList<AuditHead> known, SealedLog? live, CancellationToken ct)
    {
        var (chains, broken) = (new Dictionary<Guid, AuditChain>(), 0L);
        var unseen = known.ToHashSet();
        await foreach (var seal in seals.WithCancellation(ct))
        {
            if (!chains.TryGetValue(seal.Chain, out var chain)) chains.Add(seal.Chain, chain = new(seal.Chain));
            foreach (var found in chain.Check(seal)) Tell(found.ToString());
            unseen.Remove(new(seal.Chain, seal.No, Convert.ToHexStringLower(seal.Hash)));
        }
        foreach (var head in unseen) Tell($"The chain of {head.Chain} does not contain its earlier head, seal {head.Seal}.");
        if (live is not null)
            foreach (var id in await live.WrittenInAfterwards(MostNamed, ct))
                Tell($"Entry {id} is in no seal, but among sealed ones: it was written in afterwards.");
        foreach (var chain in chains.Values)
            Console.WriteLine(
                $"{new AuditHead(chain.Chain, chain.Seals, Convert.ToHexStringLower(chain.Head))}  ({chain.Entries:N0} entries, "
                + $"{chain.Erased:N0} with erased personal values)");
        Console.WriteLine(broken == 0 ? "The log is as it was sealed." : $"{broken:N0} places are broken; the first is named first.");
        return broken == 0 ? 0 : 1;

        void Tell(string sentence)
        {
            if (++broken <= MostNamed) Console.Error.WriteLine(sentence);
        }
    }
}
