using System.Text.RegularExpressions;
using DirectoryPlatform.Host.Startup;

namespace DirectoryPlatform.Tests.Host;

/// <summary>
/// Nodes of the last release run while the first new one brings the database up to date, and go on until they are restarted (SPEC R11). So
/// what came after the base only adds: it takes nothing away that the old program reads, and asks for nothing that it does not write.
/// </summary>
[Trait("Rule", "R11")]
public sealed partial class StandBesideTheBase
{
    /// <summary>By name, with the reason why the old program stands it.</summary>
    static readonly Dictionary<string, string> Exceptions = [];

    [Fact]
    public void Published_migrations_are_as_they_were_published()
    {
        var known = Migrator.AllOf(Modules.All).ToDictionary(m => m.Name, m => m.Sha256);
        BaseRelease.Migrations.Count.ShouldBeGreaterThan(70);
        BaseRelease.Migrations.Where(m => known.GetValueOrDefault(m.Key) != m.Value).Select(m => m.Key).ShouldBeEmpty();
    }

    [Fact]
    public void What_came_after_the_base_only_adds()
    {
        var added = Migrator.AllOf(Modules.All).Where(m => !BaseRelease.Migrations.ContainsKey(m.Name)).ToList();
        added.Where(m => !Exceptions.ContainsKey(m.Name)).SelectMany(m => FaultsOf(m.Sql).Select(f => $"{m.Name}: {f}")).ShouldBeEmpty(
            "nodes of the last release would break; do it in two releases, or say under Exceptions why they stand it");
        Exceptions.Keys.Except(added.Select(m => m.Name)).ShouldBeEmpty("an exception for nothing");
    }

    /// <summary>Statements that what runs already may not stand. What a migration makes itself it may do with as it likes.</summary>
    static IEnumerable<string> FaultsOf(string sql)
    {
        var text = Comment().Replace(sql, " ");
        var own = Made().Matches(text).Select(m => m.Groups[1].Value.ToLowerInvariant()).ToHashSet();
        foreach (var statement in text.Split(';').Select(s => Blank().Replace(s, " ").Trim()).Where(s => s.Length > 0))
        {
            if (Dangerous().Match(statement) is not { Success: true } found) continue;
            var table = Subject().Match(statement).Groups[1].Value.ToLowerInvariant();
            if (!own.Contains(table) && !(found.Value.StartsWith("add", StringComparison.OrdinalIgnoreCase) && Harmless(statement)))
                yield return statement;
        }
    }

    /// <summary>A column that says nothing, or something by itself.</summary>
    static bool Harmless(string statement) => !Regex.IsMatch(statement, @"\badd constraint\b", RegexOptions.IgnoreCase)
        && (!Regex.IsMatch(statement, @"\bnot null\b", RegexOptions.IgnoreCase)
            || Regex.IsMatch(statement, @"\b(default|generated)\b", RegexOptions.IgnoreCase));

    [Theory]
    [InlineData("drop table a.b", 1), InlineData("alter table a.b drop column c", 1), InlineData("alter table a.b rename to c", 1)]
    [InlineData("alter table a.b add column c int not null", 1), InlineData("alter table a.b add c text not null", 1)]
    [InlineData("alter table a.b add column c int not null default 0", 0), InlineData("alter table a.b add column c int", 0)]
    [InlineData("alter table a.b alter column c set not null", 1), InlineData("alter table a.b alter c type bigint", 1)]
    [InlineData("alter table a.b add constraint c check (d > 0)", 1), InlineData("create unique index c on a.b (d)", 1)]
    [InlineData("create table a.b (c int not null); create unique index d on a.b (c); alter table a.b add e int not null", 0)]
    [InlineData("create table a.c (d int); drop view a.b", 1), InlineData("-- drop table a.b\ncreate index c on a.b (d)", 0)]
    [InlineData("drop function a.b(int)", 1), InlineData("DROP INDEX a.b", 0), InlineData("insert into a.b values ('drop table')", 0)]
    public void A_planted_fault_is_found_and_nothing_else(string sql, int faults) => FaultsOf(sql).Count().ShouldBe(faults, sql);

    [GeneratedRegex(@"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex(@"\bcreate (?:unlogged )?(?:table|view|materialized view)(?: if not exists)? ([\w.]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Made();

    /// <summary>An index that goes makes an old program slower and no more.</summary>
    [GeneratedRegex(@"^drop (?!index\b)\w+|^alter table\b.*?\b(drop|rename)\b|\bset not null\b|\balter (column )?\w+ (set data )?type\b|"
        + @"(?<=^alter table .*)\badd\b(?! constraint)|(?<=^alter table .*)\badd constraint\b|^create unique index\b|"
        + @"^alter (view|function|type|schema)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Dangerous();

    [GeneratedRegex(@"^(?:alter table(?: only)?|drop \w+(?: if exists)?|create unique index(?: if not exists)? \w+ on) ([\w.]+)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Subject();
}
