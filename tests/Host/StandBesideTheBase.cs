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
    static readonly Dictionary<string, string> Exceptions = new()
    {
        ["directory/011_enterprise_filters.sql"] = "its index is made on a table that holds a directory's people, thousands at most",
    };

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

    /// <summary>All that is not on a short list: new tables, columns that ask for nothing, and indexes that stop nobody. What a migration
    /// has made itself it may fill and change.</summary>
    static IEnumerable<string> FaultsOf(string sql)
    {
        var text = Comment().Replace(sql, " ");
        var own = Made().Matches(text).Select(m => m.Groups[1].Value.ToLowerInvariant()).ToHashSet();
        return text.Split(';').Select(s => Blank().Replace(s, " ").Trim()).Where(s => s.Length > 0 && !OnlyAdds(s, own));
    }

    static bool OnlyAdds(string statement, HashSet<string> own)
    {
        // What is pointed at can no longer be deleted as before.
        if (References().Matches(statement).Any(m => !own.Contains(m.Groups[1].Value.ToLowerInvariant()))) return false;
        if (own.Contains(Subject().Match(statement).Groups[1].Value.ToLowerInvariant())) return true;
        return NewTable().IsMatch(statement) || IndexBeside().IsMatch(statement)
            || (Altered().Match(statement) is { Success: true } altered && Parts(altered.Groups[1].Value).All(IsHarmlessColumn));
    }

    static string[] Parts(string changes)
    {
        while (Parentheses().IsMatch(changes)) changes = Parentheses().Replace(changes, " ");
        return changes.Split(',', StringSplitOptions.TrimEntries);
    }

    /// <summary>A column that says nothing, or something by itself.</summary>
    static bool IsHarmlessColumn(string change) => Column().IsMatch(change) && !Asks().IsMatch(change)
        && (!NotNull().IsMatch(change) || ByItself().IsMatch(change));

    [Theory]
    [InlineData("drop table a.b"), InlineData("alter table a.b drop column c"), InlineData("alter table a.b rename to c")]
    [InlineData("alter table a.b add column c int not null"), InlineData("alter table a.b add c text not null")]
    [InlineData("alter table a.b alter column c set not null"), InlineData("alter table a.b alter c type bigint")]
    [InlineData("alter table a.b add constraint c check (d > 0)"), InlineData("alter table a.b add check (c > 0)")]
    [InlineData("alter table a.b add unique (c)"), InlineData("alter table a.b add primary key (c)")]
    [InlineData("alter table a.b add foreign key (c) references a.d (e)"), InlineData("alter table a.b add column c int check (c > 0)")]
    [InlineData("alter table a.b add column c int references a.d"), InlineData("alter table a.b add column c int unique")]
    [InlineData("alter table a.b add column c int, add column d int not null")]
    [InlineData("alter table a.b add column c int, drop column d")]
    [InlineData("alter table a.b add column c int default 0, add d int not null")]
    [InlineData("create table a.c (d int references a.b)"), InlineData("create table a.c (d int) inherits (a.b)")]
    [InlineData("create unique index c on a.b (d)"), InlineData("create index c on a.b (d)"), InlineData("DROP INDEX a.b")]
    [InlineData("create unique index concurrently c on a.b (d)"), InlineData("drop function a.b(int)")]
    [InlineData("create table a.c (d int); drop view a.b"), InlineData("create or replace view a.b as select 1")]
    [InlineData("create or replace function a.b() returns int language sql return 1"), InlineData("truncate a.b")]
    [InlineData("create trigger t before insert on a.b for each row execute function a.c()"), InlineData("insert into a.b values (1)")]
    [InlineData("update a.b set c = 1"), InlineData("delete from a.b"), InlineData("with x as (select 1) delete from a.b")]
    [InlineData("create table if not exists a.b (c int); alter table a.b drop column c")]
    public void A_planted_fault_is_found(string sql) => FaultsOf(sql).Count().ShouldBe(1, sql);

    [Theory]
    [InlineData("alter table a.b add column c int not null default 0"), InlineData("alter table a.b add column c int")]
    [InlineData("alter table a.b add column if not exists c int, add d text")]
    [InlineData("alter table only a.b add column c numeric(10, 2) not null default round(1.5, 2)")]
    [InlineData("create table a.b (c int not null); create unique index d on a.b (c); alter table a.b add e int not null")]
    [InlineData("create table a.b (c int primary key, d text unique check (d <> '')); create table a.e (f int references a.b (c))")]
    [InlineData("-- drop table a.b\ncreate index concurrently c on a.b (d)")]
    [InlineData("create table a.b (c text); insert into a.b values ('drop table a.c;')")]
    public void What_only_adds_is_no_fault(string sql) => FaultsOf(sql).ShouldBeEmpty(sql);

    [GeneratedRegex(@"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    /// <summary>For certain: with "if not exists" it may be an old one.</summary>
    [GeneratedRegex(@"\bcreate\s+(?:unlogged\s+)?table\s+(?!if\s+not\s+exists\b)([\w.]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Made();

    [GeneratedRegex(@"\breferences ([^\s(,)]+)", RegexOptions.IgnoreCase)]
    private static partial Regex References();

    [GeneratedRegex(@"^(?:alter table (?:only )?|insert into |create (?:unique )?index (?:if not exists )?(?:\w+ )?on )([\w.]+)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Subject();

    [GeneratedRegex(@"^create (?:unlogged )?table (?:if not exists )?[\w.]+ ?\((?!.*\binherits\b)", RegexOptions.IgnoreCase)]
    private static partial Regex NewTable();

    [GeneratedRegex(@"^create index concurrently (?:if not exists )?\w+ on [\w.]+", RegexOptions.IgnoreCase)]
    private static partial Regex IndexBeside();

    [GeneratedRegex(@"^alter table (?:if exists )?(?:only )?[\w.]+ (.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Altered();

    [GeneratedRegex(@"\([^()]*\)")]
    private static partial Regex Parentheses();

    [GeneratedRegex(@"^add (?:column )?(?:if not exists )?\w+ \w", RegexOptions.IgnoreCase)]
    private static partial Regex Column();

    [GeneratedRegex(@"\b(?:constraint|check|references|unique|primary|foreign|exclude)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Asks();

    [GeneratedRegex(@"\bnot null\b", RegexOptions.IgnoreCase)]
    private static partial Regex NotNull();

    [GeneratedRegex(@"\b(?:default|generated)\b", RegexOptions.IgnoreCase)]
    private static partial Regex ByItself();
}
