using DirectoryPlatform.Accounts;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Reporting;
using DirectoryPlatform.Security;
using DirectoryPlatform.Sites;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Reporting;

/// <summary>
/// Who is under which policy (SPEC S5: put into it, by rule, or the default one), told by the list, its filters, the export, the preview
/// and the gate; all against the same rule told once more here, in plain words.
/// </summary>
[Trait("Rule", "S5")]
public sealed class SortByPolicy : OnInstallation
{
    static readonly PolicyDraft Plain = PolicyDraft.Initial;
    static readonly string[] Departments = ["Finance", "finance", "FINANCE", "Sales", "Fin"];

    OrganizationId _acme;
    AccountId _ada;
    IReadOnlyList<ListedPerson> _people = [];
    Dictionary<Guid, string> _policy = [];
    HashSet<Guid> _twoStep = [], _provisioned = [], _early = [];
    PolicyId _contractors, _finance, _second;

    Origin ByAda => By(_ada);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        (_acme, var globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        _ada = await Here.Admin(_acme, "ada@acme.example");
        var random = new Random(11);
        _people = await ListedPerson.Write(Here, _acme, globex, random, Proof.Size(150, 240));
        // Whoever is unverified is in no policy at all: see ListNewcomers.
        await Here.Rows<int>("update accounts.account set state = 1, email_verified = true where state = 0 returning 1");
        _people = [.. _people.Select(p => p.State is AccountState.Unverified
            ? p with { State = AccountState.Active, Verified = true }
            : p)];
        _contractors = await Here
            .Grant(new CreatePolicy(_acme, Plain with { Name = "Contractors", TwoStepMandatory = true, ApiTokens = false }, ByAda));
        _finance = await Here
            .Grant(new CreatePolicy(_acme,
                Plain with
                {
                    Name = "Finance",
                    Billable = false,
                    PasswordExpiryDays = 90,
                    Password = PasswordStrength.Good,
                    IdleMinutes = 120
                }, ByAda));
        _second = await Here.Grant(new CreatePolicy(_acme, Plain with { Name = "Second domain" }, ByAda));
        await Here.Grant(new AddPolicyRule(_acme, _finance, RuleAttribute.Department, " Finance ", ByAda));
        await Here.Grant(new AddPolicyRule(_acme, _second, RuleAttribute.Domain, "SECOND.example.", ByAda));
        var night = await Here.Grant(new CreatePolicy(_acme, Plain with { Name = "Night shift" }, ByAda));
        var shift = await Here.Grant(new CreateGroup(_acme, "Night shift", null, ByAda));
        await Here.Grant(new AddPolicyRule(_acme, night, RuleAttribute.Group, "NIGHT shift", ByAda));
        var foreign = await Here.Grant(new CreatePolicy(globex, Plain with { Name = "Globex" }, ByAda));
        await Here.Grant(new AddPolicyRule(globex, foreign, RuleAttribute.Domain, "acme.example", ByAda));

        var department = _people.ToDictionary(p => p.Id, _ => random.Next(3) == 0 ? Departments[random.Next(Departments.Length)] : null);
        var placed = department.Where(d => d.Value is not null).ToList();
        await Here.Rows<int>(
            "insert into accounts.profile (account_id, department, detail_keys) select id, value, array[key] "
            + "from unnest(@ids, @values, @keys) n(id, value, key) returning 1", new
            {
                ids = placed.Select(d => d.Key).ToArray(),
                values = placed.Select(d => d.Value).ToArray(),
                keys = placed.Select(d => DetailKeys.Of(AccountDetail.Department, d.Value)).ToArray()
            });
        var ours = _people.Where(p => p.ManagedBy == _acme.Value).ToList();
        // A non-billable policy is passed over for them.
        _provisioned = [.. _people.Where(_ => random.Next(3) == 0).Select(p => p.Id)];
        await Here.Rows<int>(
            "insert into accounts.profile (account_id, provisioned_by) select id, 'Entra ID' from unnest(@ids) id on conflict (account_id) "
            + "do update set provisioned_by = excluded.provisioned_by returning 1", new { ids = _provisioned.ToArray() });
        var put = ours.Where(_ => random.Next(4) == 0).Select(p => p.Id).ToHashSet();
        await Here.Grant(new MoveToPolicy(_acme, _contractors, [.. put.Select(id => new AccountId(id))], ByAda));
        // One was put there by a time of management that is over, and one by another organization.
        var (before, elsewhere) = (put.First(), ours.First(p => !put.Contains(p.Id)).Id);
        await Here.Rows<int>("update security.policy_member set since = '2000-01-01' where account_id = @before returning 1",
            new { before });
        await Here.Rows<int>("insert into security.policy_member values (@elsewhere, @globex, @foreign, now()) returning 1",
            new { elsewhere, globex = globex.Value, foreign = foreign.Value });
        // Put there before a provider came, as nobody can be afterwards.
        var early = ours.Where(p => !put.Contains(p.Id) && p.Id != elsewhere).Take(12).Select(p => p.Id).ToHashSet();
        early.Count(_provisioned.Contains).ShouldBeInRange(1, early.Count - 1);
        await Here.Rows<int>("insert into security.policy_member select id, @acme, @finance, '2100-01-01' from unnest(@ids) id returning 1",
            new { ids = early.ToArray(), acme = _acme.Value, finance = _finance.Value });
        _early = [.. early.Where(id => !_provisioned.Contains(id))];
        _twoStep = [.. _people.Where(_ => random.Next(3) == 0).Select(p => p.Id)];
        await Here.Rows<int>("insert into security.two_step select id, 'x', now(), 1 from unnest(@ids) id returning 1",
            new { ids = _twoStep.ToArray() });
        var nightly = _people.Where(_ => random.Next(3) == 0).Select(p => p.Id).ToHashSet();
        await Here.Rows<int>("insert into sites.group_member select @shift, id, now() from unnest(@ids) id returning 1",
            new { shift = shift.Value, ids = nightly.ToArray() });
        _policy = ours.ToDictionary(p => p.Id, p =>
            put.Contains(p.Id) && p.Id != before ? "Contractors"
            : !_provisioned.Contains(p.Id)
            && (early.Contains(p.Id) || string.Equals(department[p.Id], "finance", StringComparison.OrdinalIgnoreCase)) ? "Finance"
            : p.Email.EndsWith("@second.example", StringComparison.Ordinal) ? "Second domain"
            : nightly.Contains(p.Id) ? "Night shift"
            : "Default policy");
    }

    [Fact]
    public async Task List_filters_and_gate_say_the_same()
    {
        _policy.Values.Distinct().Count().ShouldBe(5, "every way is met");
        (await Listed(new())).ShouldBe(_policy, ignoreOrder: true);
        foreach (var (id, name) in _policy) (await Here.Send(new ReadPolicyOf(_acme, new(id))))!.Settings.Name.ShouldBe(name);
        foreach (var policy in await Here.Send(new ReadPolicies(_acme)))
            (await Listed(new(Policy: policy.Id.Value))).Keys.ShouldBe(_policy.Where(p => p.Value == policy.Settings.Name)
                .Select(p => p.Key), ignoreOrder: true);
        // Who cannot act is not billable, whatever the policy (SPEC A17).
        var acts = _people.Where(p => p.State is AccountState.Active).Select(p => p.Id).ToHashSet();
        (await Listed(new(Billable: false))).Keys.ShouldBe(_policy.Where(p => p.Value == "Finance" || !acts.Contains(p.Key))
            .Select(p => p.Key), ignoreOrder: true);
        (await Listed(new(Billable: true))).Keys.ShouldBe(_policy.Where(p => p.Value != "Finance" && acts.Contains(p.Key))
            .Select(p => p.Key), ignoreOrder: true);
        (await Listed(new(TwoStep: true))).Keys.ShouldBe(_policy.Keys.Where(_twoStep.Contains), ignoreOrder: true);
        (await Listed(new(TwoStep: false, Policy: _second.Value))).Keys
            .ShouldBe(_policy.Where(p => p.Value == "Second domain" && !_twoStep.Contains(p.Key)).Select(p => p.Key), ignoreOrder: true);
        (await Listed(new(Policy: Guid.NewGuid()))).ShouldBeEmpty();
        var counts = await Here.Send(new CountManagedAccounts(_acme));
        (counts.Total, counts.SecureLogin).ShouldBe((_policy.Count, _policy.Keys.Count(_twoStep.Contains)));
        await EachLoginIsListed(counts);
        await EachPolicyIsCounted();
    }

    /// <summary>However somebody came to it: the page of policies says as many as the list has.</summary>
    async Task EachPolicyIsCounted()
    {
        Here.Clock.Pass(TimeSpan.FromMinutes(1));
        var under = (await Here.Send(new CountPolicies(_acme)))!;
        foreach (var policy in await Here.Send(new ReadPolicies(_acme)))
            under.GetValueOrDefault(policy.Id).ShouldBe(_policy.Values.Count(name => name == policy.Settings.Name), policy.Settings.Name);
        under.Values.Sum().ShouldBe(_policy.Count);
    }

    /// <summary>A number on Overview leads to as many rows.</summary>
    async Task EachLoginIsListed(ManagedAccountCounts counts)
    {
        foreach (var login in Enum.GetValues<SecureLogin>())
            (await Listed(new(SecureLogin: login))).Count.ShouldBe((int)counts.With(login), $"{login}");
        (counts.With(SecureLogin.Any) + counts.With(SecureLogin.None)).ShouldBe(counts.Total);
    }

    [Fact]
    public async Task Without_rules_the_same_holds()
    {
        foreach (var rule in (await Here.Send(new ReadPolicyAssignment(_acme))).Rules)
            await Here.Grant(new RemovePolicyRule(_acme, rule.Policy, rule.Id, ByAda));
        foreach (var (id, name) in _policy.ToList())
            _policy[id] = name == "Contractors" ? name : _early.Contains(id) ? "Finance" : "Default policy";
        (await Listed(new())).ShouldBe(_policy, ignoreOrder: true);
        foreach (var policy in await Here.Send(new ReadPolicies(_acme)))
            (await Listed(new(Policy: policy.Id.Value))).Keys.ShouldBe(_policy.Where(p => p.Value == policy.Settings.Name)
                .Select(p => p.Key), ignoreOrder: true);
        foreach (var (id, name) in _policy) (await Here.Send(new ReadPolicyOf(_acme, new(id))))!.Settings.Name.ShouldBe(name);
        await EachPolicyIsCounted();
    }

    [Fact]
    [Trait("Rule", "M9")]
    public async Task The_export_names_each_ones_policy_and_what_it_asks()
    {
        using var output = new MemoryStream();
        await Here.Grant(new StreamExport(_acme, new(ManagedAccountFilter.Everybody), ByAda, output));
        var rows = (await IndependentCsv.Read(output.ToArray())).Skip(1).ToDictionary(r => r[1]);
        rows.Count.ShouldBe(_policy.Count);
        foreach (var person in _people.Where(p => _policy.ContainsKey(p.Id)))
        {
            var row = rows[person.Email];
            var finance = _policy[person.Id] == "Finance";
            (row[4], row[5], row[6], row[8], row[9], row[10]).ShouldBe((
                finance || person.State is not AccountState.Active ? "no" : "yes", _policy[person.Id],
                finance ? "Non-billable" : "Billable", _twoStep.Contains(person.Id) ? "on" : "off",
                finance ? "Good or better, expire after 90 days" : "Any strength", finance ? "2 hours" : "7 days"));
        }
    }

    [Fact]
    [Trait("Rule", "C8")]
    public async Task A_preview_counts_who_would_be_asked_for_what_and_changes_nothing()
    {
        var active = _people.Where(p => _policy.GetValueOrDefault(p.Id) == "Second domain" && p.State is AccountState.Active)
            .Select(p => p.Id).ToList();
        active.Count.ShouldBeGreaterThan(5);
        var now = Here.Clock.GetUtcNow();
        foreach (var (id, i) in active.Select((id, i) => (id, i)))
            await Here.Rows<int>("insert into security.password values (@id, 'x', @at) returning 1",
                new { id, at = now.AddDays(-20 * i).UtcDateTime });
        var tokens = active.Take(3).ToList();
        foreach (var (id, i) in tokens.Select((id, i) => (id, i)))
            await Here.Rows<int>(
                "insert into security.api_token (id, account_id, token_hash, label, created_at, expires_at, revoked_at) "
                + "values (gen_random_uuid(), @id, @hash, 'x', @from, @to, @revoked) returning 1",
                new
                {
                    id,
                    hash = new byte[] { (byte)i },
                    from = now.AddDays(-9).UtcDateTime,
                    to = now.AddDays(i == 0 ? -1 : 9).UtcDateTime,
                    revoked = i == 1 ? now.UtcDateTime : (DateTime?)null
                });

        var preview =
            await Here.Grant(new PreviewPolicy(_acme, _second,
                Plain with { Name = "Second domain", TwoStepMandatory = true, PasswordExpiryDays = 50, ApiTokens = false }));
        preview.ShouldBe(new(active.Count, new(0, active.Count(id => !_twoStep.Contains(id))), new(0, active.Count - 3), new(0, 1)));
        (await Here.Grant(new ReadPolicy(_acme, _second))).Version.ShouldBe(1);
        (await Here.Refuse(new PreviewPolicy(_acme, _second, Plain with { Name = " " }))).ShouldBeOfType<InvalidValue>();
        (await Here.Refuse(new PreviewPolicy(await Here.Organization("other"), _second, Plain))).ShouldBeOfType<NotFound>();
    }

    [Fact]
    [Trait("Rule", "M9"), Trait("Rule", "M1"), Trait("Rule", "S5")]
    public async Task Whom_a_provider_signs_in_counts_as_secure_and_the_file_and_the_preview_say_so()
    {
        var second = (await Here.Grant(new ReadPolicy(_acme, _second))).Settings;
        (await Here.Refuse(new PreviewPolicy(_acme, _second, second with { SingleSignOn = true }))).ShouldBeOfType<ProviderMissing>();
        await Here.Rows<int>("""
            insert into security.identity_provider (organization_id, in_force, changed_at) values (@id,
              '{"entityId":"https://idp.example","signInAddress":"https://idp.example/sso","certificates":[]}', now()) returning 1
            """, new { id = _acme.Value });
        var active = _people.Count(p => _policy.GetValueOrDefault(p.Id) == "Second domain" && p.State is AccountState.Active);
        var preview = await Here
            .Grant(new PreviewPolicy(_acme, _second, second with { SingleSignOn = true, TwoStepMandatory = true, PasswordExpiryDays = 1 }));
        (preview.AtProvider, preview.SetUpTwoStep, preview.NewPassword)
            .ShouldBe((new(0, active), new(0, 0), new(0, 0)), "neither is asked for where the provider signs in");
        await Here.Grant(new ChangePolicy(_acme, _second, 1, second with { SingleSignOn = true }, ByAda));

        var counts = await Here.Send(new CountManagedAccounts(_acme));
        counts.SecureLogin.ShouldBe(_policy.Count(p => p.Value == "Second domain" || _twoStep.Contains(p.Key)));
        counts.SingleSignOn.ShouldBe(_policy.Count(p => p.Value == "Second domain"));
        await EachLoginIsListed(counts);
        using var output = new MemoryStream();
        await Here.Grant(new StreamExport(_acme, new(ManagedAccountFilter.Everybody), ByAda, output));
        var rows = (await IndependentCsv.Read(output.ToArray())).Skip(1).ToDictionary(r => r[1], r => r[7]);
        foreach (var person in _people.Where(p => _policy.ContainsKey(p.Id)))
            rows[person.Email].ShouldBe(_policy[person.Id] == "Second domain" ? "Mandatory" : "Off", _policy[person.Id]);
    }

    [Fact]
    public async Task A_rule_says_something_once_and_of_the_own_policies_only()
    {
        var other = await Here.Organization("other");
        (await Here.Refuse(new AddPolicyRule(_acme, _second, RuleAttribute.Department, "FINANCE", ByAda))).Sentence
            .ShouldContain("Finance");
        (await Here.Refuse(new AddPolicyRule(_acme, _second, RuleAttribute.Domain, "no domain", ByAda))).ShouldBeOfType<InvalidValue>();
        (await Here.Refuse(new AddPolicyRule(_acme, _second, RuleAttribute.Group, "no group", ByAda))).ShouldBeOfType<InvalidValue>();
        await Here.Grant(new CreateGroup(other, "Others", null, ByAda));
        (await Here.Refuse(new AddPolicyRule(_acme, _second, RuleAttribute.Group, "Others", ByAda))).ShouldBeOfType<InvalidValue>();
        foreach (var value in (string?[])[null, " ", new('x', 101), "a\u0007"])
            (await Here.Refuse(new AddPolicyRule(_acme, _second, RuleAttribute.Location, value, ByAda))).ShouldBeOfType<InvalidValue>();
        (await Here.Refuse(new AddPolicyRule(_acme, _second, (RuleAttribute)99, "x", ByAda))).ShouldBeOfType<InvalidValue>();
        (await Here.Refuse(new AddPolicyRule(other, _second, RuleAttribute.Location, "x", ByAda))).ShouldBeOfType<NotFound>();
        var standard = (await Here.Send(new ReadPolicies(_acme)))[0].Id;
        (await Here.Refuse(new AddPolicyRule(_acme, standard, RuleAttribute.Location, "x", ByAda)))
            .ShouldBeOfType<DefaultPolicyNeedsNoRule>();
        var rule = (await Here.Send(new ReadPolicyAssignment(_acme))).Rules.First(r => r.Policy == _second).Id;
        (await Here.Refuse(new RemovePolicyRule(other, _second, rule, ByAda))).ShouldBeOfType<NotFound>();
        (await Here.Refuse(new RemovePolicyRule(_acme, _finance, rule, ByAda))).ShouldBeOfType<NotFound>();
        var twice = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Here.Send(new RemovePolicyRule(_acme, _second, rule, ByAda))));
        twice.Count(r => r.Granted).ShouldBe(1);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry where action = 'PolicyRuleRemoved'")).ShouldBe(1);
    }

    async Task<Dictionary<Guid, string>> Listed(ManagedAccountFilter filter)
    {
        var rows = (await Here.Grant(new ListManagedAccounts(_acme, filter, Size: 1_000))).Rows;
        (await Here.Send(new CountMatchingAccounts(_acme, filter, 1_000))).ShouldBe(rows.Count);
        return rows.ToDictionary(r => r.Id.Value, r => r.Policy!);
    }
}
