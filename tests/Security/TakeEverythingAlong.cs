using System.Text.RegularExpressions;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Security;

/// <summary>
/// Every reset and change of a password takes along whatever else could let somebody in (SPEC A14), and so does whoever takes an address
/// back (A15): when whole, with one person for each pair of a kind and a way of taking back. Kinds are looked for in the database and in
/// the code, so that a new one fails here until it is covered or said to outlive.
/// </summary>
[Trait("Rule", "A14"), Trait("Rule", "A15")]
public sealed partial class TakeEverythingAlong : OnWaysIn
{
    [Fact]
    public async Task Each_kind_gets_somebody_in_while_nothing_is_taken_back()
    {
        var number = 0;
        foreach (var (kind, make) in Kinds)
        {
            var (person, email) = await Person(++number);
            var works = await make(this, person, email);
            (await works(number % 2 == 0 ? Here : Other)).ShouldBeTrue(kind);
        }
    }

    /// <summary>What one person can have side by side, none of it in the way of another: when small they share that person.</summary>
    static readonly string[] Together =
    [
        "password", "browser session", "mobile session", "mobile access token", "API token", "verification link", "provider's answer",
        "deletion ticket", "device code", "code after a provider",
    ];

    static IEnumerable<string[]> Persons() =>
        Proof.Size([Together, .. Kinds.Keys.Except(Together).Select(k => new[] { k })], Kinds.Keys.Select(k => new[] { k }));

    [Fact]
    public async Task Each_kind_is_dead_on_both_nodes_after_each_way_of_taking_back_and_outlives_what_it_may()
    {
        var (number, pairs) = (100, 0);
        var wrong = new List<string>();
        foreach (var (way, (take, outlived)) in Ways)
            foreach (var kinds in Persons())
            {
                var (person, email) = await Person(++number);
                var made = new List<(string Kind, Func<TestInstallation, Task<bool>> Works)>();
                foreach (var kind in kinds) made.Add((kind, await Kinds[kind](this, person, email)));
                await take(this, person, email);
                foreach (var (kind, works) in made)
                    foreach (var (node, named) in ((TestInstallation, string)[])[(Other, "the other"), (Here, "this")])
                        if (await works(node) != outlived.Contains(kind)) wrong.Add($"{kind} after {way} on {named} node");
                // Later, on every path: what was dead comes back by no other fact.
                await Here.Quiet();
                foreach (var (kind, works) in made)
                    if (!outlived.Contains(kind) && await works(Here)) wrong.Add($"{kind} comes back after {way}");
                pairs += kinds.Length;
            }
        wrong.ShouldBeEmpty();
        pairs.ShouldBe(Ways.Count * Kinds.Count);
    }

    /// <summary>Tables that hold something secret of an account, and the kinds that are in them;
    /// or why they outlive a reset.</summary>
    static readonly Dictionary<string, string> Tables = new()
    {
        ["accounts.email_change"] = "change of address",
        ["accounts.email_verification"] = "verification link",
        ["accounts.left_address"] = "outlives: it is for whoever lost the account together with its password, see TakeAddressesBack",
        ["security.api_key"] =
            "outlives: it is the organization's, which goes on when an admin has a new password; the page behind a reset link names it",
        ["security.api_token"] = "API token",
        ["security.device_code"] = "device code",
        ["security.password"] = "password",
        ["security.password_before"] = "outlives: no way in, it only refuses passwords that were used",
        ["security.password_reset"] = "reset link",
        ["security.provider_answer"] = "provider's answer",
        ["security.recovery_code"] =
            "outlives: the second step is asked for after a reset, too; "
            + "it goes with an admin's reset of it, and when an address is taken back",
        ["security.refresh_token"] = "mobile session",
        ["security.session"] = "browser session",
        ["security.two_step"] = "outlives: as the recovery codes",
    };

    /// <summary>What the code seals for browsers to carry, likewise.</summary>
    static readonly Dictionary<string, string> Sealed = new()
    {
        ["sign-in step"] = "sign-in ticket",
        ["two-step enrolment"] = "two-step enrolment",
        ["cancel own deletion"] = "deletion ticket",
        ["code after an identity provider"] = "code after a provider",
        ["two-step secret"] = "outlives: stands in security.two_step",
        ["cursors of the API"] = "outlives: a place in a list; who asks brings a key of its own",
        ["cluster authority"] = "outlives: it is the installation's, and admits nodes, not people",
        ["what a provider said in a test"] = "outlives: it is shown to the organization's admins, and opens nothing",
        ["webhook secret"] = "outlives: it is the organization's, and nobody signs in with it",
        ["visit to an identity provider"] =
            "outlives: names no account, and the provider says who it is; a proof is bound to its session, which ends",
    };

    [Fact]
    public async Task Every_kind_of_secret_in_the_database_is_covered_or_said_to_outlive()
    {
        var tables = await Here.Rows<string>("""
            select distinct c.table_schema || '.' || c.table_name from information_schema.columns c
            join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
              and t.table_type = 'BASE TABLE'
            where c.column_name ~ '(token|hash|secret|stamp|expires)' and c.table_schema not in ('information_schema', 'pg_catalog', 'lane')
              and exists (select from information_schema.columns a where a.table_schema = c.table_schema and a.table_name = c.table_name
                and a.column_name in ('account_id', 'session_id'))
            order by 1
            """);
        tables.Order(StringComparer.Ordinal)
            .ShouldBe(Tables.Keys.Order(StringComparer.Ordinal), ignoreOrder: false,
                customMessage: "whatever is new is covered by WhatCanGetIn and BegunSince and made in Kinds, or said to outlive");
        Tables.Values.Concat(Sealed.Values).Where(v => !v.StartsWith("outlives: ", StringComparison.Ordinal)).ShouldBeSubsetOf(Kinds.Keys);
    }

    [Fact]
    public void Every_ticket_that_the_code_seals_is_covered_or_said_to_outlive()
    {
        var purposes = ((string[])["modules", "web", "host"])
            .SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(Checkout.Root.FullName, folder), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal)).SelectMany(f => Protector().Matches(File.ReadAllText(f)))
            .Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal).ToList();
        purposes.ShouldBe(Sealed.Keys.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"CreateProtector\((?:""([^""]*)"")?")]
    private static partial Regex Protector();
}
