using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Architecture;

/// <summary>No file but <c>Change</c> opens a transaction or makes an audit entry, unless it is named here with its reason
/// (decision 0048).</summary>
public sealed partial class ChangeInOneWay
{
    static readonly Dictionary<string, string> Allowed = new()
    {
        ["modules/Kernel/Changes/Change.cs"] = "the one way",
        ["modules/Kernel/Audit/AuditLog.cs"] = "the statement itself",
        ["modules/Kernel/Grains/GrainBatch.cs"] = "turns of grains: many in one transaction, decided again after a lost race",
        ["modules/Kernel/Grains/SingleCommit.cs"] = "one turn of a grain, fenced by its version",
        ["modules/Kernel/Grains/GroupCommit.cs"] = "turns of grains: many in one statement, each fenced by its version",
        ["modules/Kernel/Storage/Migrator.cs"] = "before there is a log to write to",
        ["modules/Kernel/Storage/DataProtectionKeys.cs"] = "key rings: of the installation, under its own lock",
        ["modules/Kernel/Storage/Keys/KeyRingAtRest.cs"] = "key rings: of the installation, under its own lock",
        ["modules/Kernel/Audit/Sealing/AuditSealing.cs"] = "seals the entries themselves",
        ["modules/Kernel/Audit/Sealing/SealedLog.cs"] = "reads a long log as of one moment",
        ["modules/Kernel/Jobs/JobStore.cs"] = "jobs: begun, stopped and gone on with",
        ["modules/Kernel/Jobs/JobWorker.cs"] = "a chunk and its cursor",
        ["modules/Kernel/Bulk/BulkDrafts.cs"] = "lists of thousands, made before anything is done to anybody",
        ["modules/Kernel/Bulk/BulkAction.cs"] = "a dry run, which is taken back",
        ["modules/Accounts/Internal/Bulk/AccountRun.cs"] = "a chunk of a job: its worker commits",
        ["modules/Accounts/Internal/Bulk/AccountChunk.cs"] = "a chunk of a job: its worker commits",
        ["modules/Accounts/Internal/Importing/ImportedAccounts.cs"] = "thousands at once, by COPY",
        ["modules/Accounts/Internal/Importing/ImportAccountsHandler.cs"] = "thousands at once, by COPY",
        ["modules/Sites/Internal/Bulk/SiteAction.cs"] = "a chunk of a job: its worker commits",
        ["modules/Sites/Internal/Bulk/InviteMany.cs"] = "a dry run, which is taken back",
        ["modules/Security/Internal/Passwords/ResetPasswordsHandler.cs"] = "many people, one outcome each",
        ["modules/Security/Internal/Passwords/WhatCanGetIn.cs"] = "entries for one and for many",
        ["modules/Kernel/Grains/GrainStore.cs"] = "what a turn of a grain leaves",
        ["modules/Domains/Internal/Storage/DomainStore.cs"] = "the same, with what a look saw",
        ["modules/Security/Internal/Turns/CredentialsStore.cs"] = "the same, in the words that histories have for credentials",
        ["modules/Provisioning/Internal/ProvisioningLease.cs"] = "writes only while the lease is held, which the transaction asks",
        ["modules/Provisioning/Internal/ScimUserWriting.cs"] = "writes within that lease",
        ["modules/Provisioning/Internal/OtherIdentities.cs"] = "writes within that lease",
    };

    static IEnumerable<(string Name, string Text)> Sources() => new[] { "modules", "web" }
        .Select(folder => new DirectoryInfo(Path.Combine(Checkout.Root.FullName, folder)))
        .SelectMany(folder => folder.EnumerateFiles("*.cs", SearchOption.AllDirectories))
        .Where(file => !file.FullName.Contains("/obj/") && !file.FullName.Contains("/bin/"))
        .Select(file => (Path.GetRelativePath(Checkout.Root.FullName, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName)));

    [Fact]
    public void No_other_file_opens_a_transaction_or_makes_an_entry() =>
        Sources().Where(s => !Allowed.ContainsKey(s.Name) && ByHand().IsMatch(s.Text)).Select(s => s.Name).ShouldBeEmpty();

    [Fact]
    public void Who_is_allowed_to_needs_it() =>
        Allowed.Keys.Except(Sources().Where(s => ByHand().IsMatch(s.Text)).Select(s => s.Name)).ShouldBeEmpty("a reason that is gone");

    [Theory]
    [InlineData("await using var transaction = await connection.BeginTransactionAsync(ct);", true)]
    [InlineData("using var transaction = connection.BeginTransaction();", true)]
    [InlineData("using var scope = new TransactionScope();", true)]
    [InlineData("batch.BatchCommands.Add(AuditLog.Insert(entries));", true)]
    [InlineData("var entry = new AuditEntry(id, now, null, origin, id, \"SignedIn\");", true)]
    [InlineData("AuditEntry entry = new(id, now, null, origin, id, \"SignedIn\");", true)]
    [InlineData("AuditEntry Entry(Guid id) =>\n    new(id, now, null, origin, id, \"SignedIn\");", true)]
    [InlineData("var entry = AuditEntry.Of(id, now, null, origin, id, fact, [], []);", true)]
    [InlineData("await connection.ExecuteAsync(\"begin\");", true)]
    [InlineData("\"insert into kernel.audit_entry (id) values ($1)\"", true)]
    [InlineData("var change = new Change(connection, origin, now);", true)]
    [InlineData("await work.Run<Done>(origin, async change => Done.It, ct);", false)]
    [InlineData("sealed record ReadAuditEntry(Guid Entry);", false)]
    public void A_planted_one_is_found(string text, bool found) => ByHand().IsMatch(text).ShouldBe(found);

    [Fact]
    public void Actions_are_constants() => Sources().Where(s => Literal().IsMatch(s.Text)).Select(s => s.Name).ShouldBeEmpty();

    [Theory]
    [InlineData("change.WriteAudit(organization, id, \"SiteRenamed\", new { name });", true)]
    [InlineData("change.WriteAudit(null, id,\n    command.Paused ? \"WebhookPaused\" : WebhookResumed);", true)]
    [InlineData("change.WriteAudit(null, id, SecurityActions.SignedIn, after: new { through = \"identity provider\" });", false)]
    public void A_planted_action_as_text_is_found(string text, bool found) => Literal().IsMatch(text).ShouldBe(found);

    [GeneratedRegex("""\bWriteAudit\([^;]*?[ (]"[A-Z][A-Za-z]+"[,)\s]""")]
    private static partial Regex Literal();

    [GeneratedRegex("""
        \bBeginTransaction(Async)?\(|\bnew\ TransactionScope\(|ExecuteAsync\("begin\b|\bAuditLog\.Insert\(|\bAuditEntry\.Of\(
        |\bnew\ AuditEntry\(|\bAuditEntry\s+\w+\s*(\([^)]*\)\s*=>\s*|=\s*)new\(|insert\ into\ kernel\.audit_entry|\bnew\ Change\(
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex ByHand();
}
