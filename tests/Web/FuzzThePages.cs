using DirectoryPlatform.Security;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Web;

/// <summary>
/// Every form of every page, as an organization's admin gets it, sent back odd: names and values that no browser writes, what is missing,
/// too much, too long, of another kind and of somebody else. It is answered within the contract, and nothing of another organization
/// changes (SPEC S8, S9).
/// </summary>
[Trait("Rule", "S8"), Trait("Rule", "S9"), Trait("Run", "Fuzz")]
public sealed class FuzzThePages(FurnishedSite all) : OnFurnishedSite(all)
{
    readonly FurnishedSite _all = all;

    public override async Task DisposeAsync()
    {
        _all.Spoil();
        await base.DisposeAsync();
    }

    /// <summary>
    /// These end the session or the organization that asks, or are for whoever has no account; they are asked by tests of their own.
    /// </summary>
    static readonly string[] Left = ["/sign-up", "/sign-out", "/account/delete", "/account/sessions", "/delete-organization"];

    [Fact]
    public async Task No_form_breaks_and_nothing_foreign_is_seen_or_changed()
    {
        using var ada = _site.Somebody();
        await ada.SignIn("ada@acme.example", Password);
        string[] secrets = ["second@globex.test", "newcomer@globex.test", "team.globex.example"];
        var fuzzer = new PageFuzzer(ada.Client, Ids("acme"), Ids("globex"), secrets, seed: 20261129);
        foreach (var (route, requires) in Routes())
            if (!requires.Bearer && !route.RoutePattern.RawText!.EndsWith("/live", StringComparison.Ordinal)
                && Methods(route).Contains("GET", StringComparison.Ordinal))
                await fuzzer.Read(Path(route, "acme", "acme"));
        fuzzer.Leave(action =>
            Left.Any(l => action.StartsWith(l, StringComparison.Ordinal) || action.EndsWith(l, StringComparison.Ordinal)));
        fuzzer.Actions.Count.ShouldBeGreaterThan(60, "the pages' forms are found");
        fuzzer.Actions.ShouldContain("/account/email");
        fuzzer.Actions.ShouldContain(a => a.EndsWith("/api-keys/new", StringComparison.Ordinal));
        var (owned, named) = (await Rows(Owned), await Rows(Named));
        owned.Count.ShouldBeGreaterThan(20);

        var faults = await fuzzer.Run(Proof.Size("Fuzz", 250, 4_000), async () =>
        {
            if ((await ada.Token("/account/api-tokens")) is { Length: > 0 } token) return token;
            await ada.SignIn("ada@acme.example", Password);
            return await ada.Token("/account/api-tokens");
        });

        faults.ShouldBeEmpty($"{string.Join("\n\n", faults)}\n{string.Join('\n', AuditWatch.Faults)}");
        fuzzer.Statuses.GetValueOrDefault(302)
            .ShouldBeGreaterThan(Proof.Size("Fuzz", 10, 200), $"some of it must be right: {string.Join(' ', fuzzer.Statuses)}");
        fuzzer.Statuses.GetValueOrDefault(422).ShouldBeGreaterThan(Proof.Size("Fuzz", 10, 200));
        (await Rows(Owned)).Except(owned).ShouldBeEmpty("something has come to another organization");
        named.Except(await Rows(Named)).ShouldBeEmpty("something of another organization has changed or is gone");
    }

    /// <summary>Columns that change by looking, and by the work behind.</summary>
    static readonly string[] WrittenByItself =
        ["last_active_at", "last_used_at", "sent_at", "tried_at", "next_at", "attempts", "letter", "started_at", "ended_at", "state",
            "next_check_at"];

    string[] Ids(string org) => [.. _ids[org].Values.Where(v => Guid.TryParse(v, out _))];

    /// <summary>Columns that say whose a row is; in names and labels of ours its ids may stand, because they are typed there.</summary>
    const string Owner =
        "organization_id|site_id|group_id|policy_id|domain_id|directory_id|webhook_id|account_id|managed_by|excluded_by|admin_of|"
        + "deletion_by";

    /// <summary>Rows of the other organization.</summary>
    string Owned => $"\"({Owner})\": (\\[[^]]*)?\"({Named})\"";

    /// <summary>Rows in which an id of the other organization stands anywhere.</summary>
    string Named => string.Join('|', Ids("globex"));

    /// <summary>Every row of every table, but for what requests write by themselves, that is like the pattern.</summary>
    async Task<IReadOnlyList<string>> Rows(string pattern)
    {
        var rows = new List<string>();
        foreach (var table in await Here.Rows<string>("""
            select format('%I.%I', schemaname, tablename) from pg_tables
            where schemaname in ('domains', 'accounts', 'sites', 'security', 'directory') or (schemaname = 'kernel'
              and tablename in ('job', 'mail', 'audit_entry'))
            """))
            rows.AddRange(await Here.Rows<string>($"""
                select '{table} ' || line from (select (to_jsonb(t) - @left)::text as line from {table} t) l where line ~ @pattern
                """, new { left = WrittenByItself, pattern }));
        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
