using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DirectoryPlatform.Tests.Architecture;

/// <summary>Which room may know which: read from the project files and from the SQL text, as DESIGN's table says.</summary>
public sealed partial class ArrowsHaveOneSense
{
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Kernel"] = [],
        ["Domains"] = ["Kernel"],
        ["Accounts"] = ["Kernel", "Domains"],
        ["Sites"] = ["Kernel", "Accounts"],
        ["Security"] = ["Kernel", "Accounts", "Sites"],
        ["Provisioning"] = ["Kernel", "Domains", "Accounts", "Sites", "Security"],
        ["Webhooks"] = ["Kernel", "Domains", "Accounts"],
        ["Reporting"] = ["Kernel", "Domains", "Accounts", "Sites", "Security", "Provisioning", "Webhooks"],
        ["Web"] = ["Kernel", "Domains", "Accounts", "Sites", "Security", "Provisioning", "Webhooks", "Reporting"],
        ["Host"] = ["Kernel", "Domains", "Accounts", "Sites", "Security", "Provisioning", "Webhooks", "Reporting", "Web"],
    };

    static readonly string[] Modules = ["Kernel", "Domains", "Accounts", "Sites", "Security", "Provisioning", "Webhooks", "Reporting"];

    /// <summary>The modules that put others side by side: they read views, the kernel's as well.</summary>
    static readonly string[] Readers = ["Provisioning", "Webhooks", "Reporting"];

    /// <summary>The schema that Provisioning shares with Webhooks and Reporting, from the time before they were modules.</summary>
    static string OwnerOf(string schema, string table) => (schema, table) switch
    {
        ("directory", "export" or "export_part") => "reporting",
        ("directory", "webhook" or "webhook_try" or "v_webhook") => "webhooks",
        ("directory", _) => "provisioning",
        _ => schema,
    };

    static DirectoryInfo Root { get; } = FindRoot();

    static IEnumerable<(string Name, string Xml)> Projects() => Root.EnumerateFiles("*.csproj", SearchOption.AllDirectories)
        .Select(f => (Path.GetFileNameWithoutExtension(f.Name), f)).Where(f => Allowed.ContainsKey(f.Item1))
        .Select(f => (f.Item1, File.ReadAllText(f.f.FullName)));

    static IEnumerable<string> WrongReferences(IEnumerable<(string Name, string Xml)> projects) =>
        projects.SelectMany(p => References(p.Xml).Except(Allowed[p.Name]).Select(r => $"{p.Name} → {r}"));

    static IEnumerable<string> References(string xml) => XDocument.Parse(xml).Descendants("ProjectReference")
        .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

    [Fact]
    public void Projects_reference_only_what_the_table_allows()
    {
        var projects = Projects().ToList();
        projects.Select(p => p.Name).Order().ShouldBe(Allowed.Keys.Order());
        projects.Sum(p => References(p.Xml).Count()).ShouldBeGreaterThan(10);
        WrongReferences(projects).ShouldBeEmpty();
    }

    [Fact]
    public void A_planted_reference_against_the_arrow_is_found() =>
        WrongReferences(
            [("Domains", """<Project><ItemGroup><ProjectReference Include="..\Accounts\Accounts.csproj" /></ItemGroup></Project>""")])
            .ShouldBe(["Domains → Accounts"]);

    static IEnumerable<(string Module, string File, string Text)> Sources() => Modules.SelectMany(module =>
    {
        var folder = new DirectoryInfo(Path.Combine(Root.FullName, "modules", module));
        return folder.EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(f => f.Extension is ".cs" or ".sql" && !f.FullName.Contains("/obj/") && !f.FullName.Contains("/bin/"))
            .Select(f => (module, f.Name, File.ReadAllText(f.FullName)));
    });

    /// <summary>A table is named where SQL can name one; the own schema is free, and the kernel's, but for the readers, who may read views
    /// of all.</summary>
    static IEnumerable<string> WrongTables(IEnumerable<(string Module, string File, string Text)> sources) =>
        from source in sources
        from Match use in TableUse().Matches(source.Text)
        let schema = use.Groups["schema"].Value
        let table = use.Groups["table"].Value
        where (schema != "kernel" || Readers.Contains(source.Module)) && OwnerOf(schema, table) != source.Module.ToLowerInvariant()
        where !IsReadOfView(source.Module, table, use.Value)
        select $"{source.Module}/{source.File}: {schema}.{table}";

    /// <summary>Functions that are for other modules, as views are.</summary>
    static readonly string[] PublishedFunctions = ["open_apps"];

    static bool IsReadOfView(string module, string table, string use) =>
        Readers.Contains(module)
        && (table.StartsWith("v_", StringComparison.Ordinal) || PublishedFunctions.Contains(table))
        && !use.StartsWith("into", StringComparison.OrdinalIgnoreCase) && !use.StartsWith("update", StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void No_module_touches_another_modules_tables_and_the_upper_three_read_views_only()
    {
        var sources = Sources().ToList();
        foreach (var module in Modules)
            sources.Where(s => s.Module == module).SelectMany(s => TableUse().Matches(s.Text)).Count().ShouldBeGreaterThan(1, module);
        WrongTables(sources).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Security", "select email from accounts.account where id = @id")]
    [InlineData("Kernel", "select from security.session")]
    [InlineData("Accounts", "delete from domains.domain")]
    [InlineData("Reporting", "select from accounts.account a join accounts.v_account v on v.id = a.id")]
    [InlineData("Reporting", "insert into accounts.v_account values (1)")]
    [InlineData("Reporting", "select from directory.provisioned_user")]
    [InlineData("Reporting", "select id from kernel.audit_entry")]
    [InlineData("Provisioning", "delete from directory.webhook")]
    [InlineData("Webhooks", "delete from directory.export")]
    [InlineData("Sites", "RowsOfPeople.Delete(\"accounts.profile\", accounts)")]
    [InlineData("Sites", "select 1 from kernel.job j JOIN accounts.v_account a on true")]
    public void A_planted_use_of_a_foreign_table_is_found(string module, string sql) =>
        WrongTables([(module, "Planted.cs", $"\"\"\"\n{sql}\n\"\"\"")]).Count().ShouldBe(1);

    /// <summary>Reporting writes the files that it makes, and nothing else: what somebody decides is another module's.</summary>
    static IEnumerable<string> Writes(IEnumerable<(string Module, string File, string Text)> sources) =>
        from source in sources
        where source.Module == "Reporting" && source.File.EndsWith(".cs", StringComparison.Ordinal)
        from Match write in Write().Matches(source.Text)
        where write.Groups["table"].Value is not ("directory.export" or "directory.export_part")
        select $"{source.File}: {write.Value}";

    [Fact]
    public void Reporting_writes_nothing_but_its_own_files()
    {
        var sources = Sources().ToList();
        sources.Where(s => s.Module == "Reporting").SelectMany(s => Write().Matches(s.Text)).Count().ShouldBeGreaterThan(2);
        Writes(sources).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("update kernel.job set arguments = '{}'")]
    [InlineData("insert into directory.webhook (id) values (1)")]
    [InlineData("with gone as (delete from accounts.account returning id) select id from gone")]
    [InlineData("insert into\n  kernel.audit_entry select 1")]
    [InlineData("truncate table directory.provisioned_user")]
    public void A_planted_write_in_Reporting_is_found(string sql) =>
        Writes([("Reporting", "Planted.cs", $"\"\"\"\n{sql}\n\"\"\"")]).Count().ShouldBe(1);

    [GeneratedRegex(@"\b(insert\s+into|update|delete\s+from|merge\s+into|truncate(\s+table)?|copy)\s+(only\s+)?(?<table>[a-z]+\.[a-z_]+)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Write();

    [GeneratedRegex(
        @"(\b(from|join|into|update|table|references|copy|analyze)\s+(if\s+exists\s+|if\s+not\s+exists\s+|only\s+)?|\bDelete\("")"
        + @"(?<schema>kernel|domains|accounts|sites|security|directory)\.(?<table>[a-z_]+)", RegexOptions.IgnoreCase)]
    private static partial Regex TableUse();

    static DirectoryInfo FindRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "DirectoryPlatform.sln")))
            at = at.Parent ?? throw new InvalidOperationException("The source tree was not found above the test program.");
        return at;
    }
}
