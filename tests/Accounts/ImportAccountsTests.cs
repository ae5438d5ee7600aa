using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Accounts;

[Trait("Rule", "R5")]
public sealed class ImportAccountsTests : OnInstallation
{
    [Theory]
    [InlineData("name,email\r\nLiam,liam@acme.example\r\nZoë \"Zo\" Q,zoe@acme.example\r\n")]
    [InlineData("\uFEFFEmail,Name\nliam@acme.example,Liam\nzoe@acme.example,\"Zoë \"\"Zo\"\" Q\"\n")]
    [InlineData("email;department;name\n\n\"LIAM@Acme.Example\";IT;Liam\n  ;;\nzoe@acme.example;;\"Zoë \"\"Zo\"\" Q\"")]
    public async Task Marks_quotes_separators_blank_lines_and_the_order_of_columns_do_not_matter(string text)
    {
        text = text.Replace("Zoë \"Zo\" Q,", "\"Zoë \"\"Zo\"\" Q\",");
        var (counts, _) = await Import(Encoding.UTF8.GetBytes(text));
        counts.ShouldBe(new(2, 0, 0, 0, 0));
        (await Here.Rows<(string, string)>("select email, name from accounts.account order by email"))
            .ShouldBe([("liam@acme.example", "Liam"), ("zoe@acme.example", "Zoë \"Zo\" Q")]);
    }

    [Fact]
    public async Task Two_bytes_a_character_are_read_too()
    {
        var (counts,
            _) = await Import([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("name,email\r\nZoë,zoe@acme.example\r\n")]);
        counts.Created.ShouldBe(1);
        (await Here.Scalar<string>("select name from accounts.account")).ShouldBe("Zoë");
    }

    [Fact]
    public async Task Each_line_is_reported_in_order_with_what_became_of_it()
    {
        await Here.Account("there@acme.example");
        var (counts, report) = await Import(Encoding.UTF8.GetBytes($"""
            name,email
            Liam,liam@acme.example
            There,THERE@acme.example
            Again,Liam@ACME.example
            ,nameless@acme.example
            Nobody,not an address
            {new string('x', 101)},long@acme.example
            Bell{'\a'},bell@acme.example
            =cmd(),=x@acme.example
            Only a name
            """));
        counts.ShouldBe(new(2, 0, 1, 1, 5));
        report[0].ShouldBe(["line", "email", "result"]);
        report.Skip(1).Select(r => r[0]).ShouldBe(Enumerable.Range(2, 9).Select(n => $"{n}"));
        report.Skip(1).Select(r => r[2].Split(':')[0])
            .ShouldBe(["created", "exists already", "repeated", "invalid", "invalid", "invalid", "invalid", "created", "invalid"]);
        report[8][1].ShouldBe("'=x@acme.example");
        report[4][2].ShouldContain("name is missing");
    }

    [Fact, Trait("Rule", "M11")]
    public async Task A_stray_quotation_mark_spoils_its_own_line_and_nobody_vanishes()
    {
        var (counts, report) = await Import(Encoding.UTF8.GetBytes("""
            name,email
            Jim "JJ" Jones,s1@acme.example
            "Ann" Smith,s2@acme.example
            "Bob Stray,s3@acme.example
            Carl,s4@acme.example
            "Dora
            of two lines",s5@acme.example
            Eva "E" X,s6@acme.example
            Finn,s7@acme.example
            """));
        counts.ShouldBe(new(5, 0, 0, 0, 2));
        (await Here.Scalar<string>("select name from accounts.account where email = 's5@acme.example'")).ShouldBe("Dora of two lines");
        report.Skip(1).Select(r => r[0]).ShouldBe(["2", "3", "4", "5", "6", "8", "9"]);
        report[2][2].ShouldBe("invalid: There is text after a closing quotation mark.");
        report[3][2].ShouldBe("invalid: A quotation mark is opened on this line but not closed.");
    }

    [Theory, Trait("Rule", "M11")]
    [InlineData("email,name\nzoe@acme.example,Müller, Zoë\nliam@acme.example,Liam,,\n")]
    [InlineData("email;name;team\nzoe@acme.example;Müller; Zoë;IT\nliam@acme.example;Liam\n")]
    [InlineData("email\tname\nzoe@acme.example\tMüller\tZoë\nliam@acme.example\tLiam\t\n")]
    public async Task A_name_that_a_separator_parts_makes_no_account_with_half_of_it(string text)
    {
        var (counts, report) = await Import(Encoding.UTF8.GetBytes(text));
        counts.ShouldBe(new(1, 0, 0, 0, 1));
        report[1][2].ShouldBe("invalid: This line has more columns than the first one.");
        (await Here.Rows<string>("select name from accounts.account")).ShouldBe(["Liam"]);
    }

    [Theory]
    [InlineData("liam@acme.example\nzoe@acme.example\n", "name")]
    [InlineData("name,phone\nLiam,liam@acme.example\n", "email")]
    [InlineData("", "name")]
    [InlineData("\0\u0001\u0002\u0003", "name")]
    public async Task A_file_without_the_columns_is_refused_and_nothing_is_written(string text, string column)
    {
        var refusal = await Here.Refuse(new ImportAccounts(new MemoryStream(Encoding.UTF8.GetBytes(text)), false, new MemoryStream(),
            TestInstallation.Console, _ => { }));
        refusal.ShouldBeOfType<ColumnMissing>().Column.ShouldBe(column);
        (await Here.Scalar<long>("select count(*) from accounts.account")).ShouldBe(0);
    }

    [Fact]
    public async Task Binary_below_a_good_header_makes_no_account()
    {
        var bytes = new byte[200_000];
        new Random(1).NextBytes(bytes);
        var outcome = await Here.Send(new ImportAccounts(new MemoryStream([.. Encoding.UTF8.GetBytes("name,email\n"), .. bytes]), false,
            new MemoryStream(), TestInstallation.Console, _ => { }));
        if (outcome.Granted) outcome.Value.Created.ShouldBe(0);
        // what separates its columns is told by the first lines
        else outcome.Refusal.Code.ShouldBe("columnMissing");
        (await Here.Scalar<long>("select count(*) from accounts.account")).ShouldBe(0);
    }

    [Fact]
    public async Task Megabytes_are_imported_and_the_same_file_again_changes_nothing()
    {
        // A chunk of ten thousand, or several, and a piece.
        var lines = Proof.Size(10_001, 60_001);
        var text = new StringBuilder("name,email\n");
        for (var i = 0; i < lines; i++)
            text.Append(
                $"Somebody with quite a long name indeed, and then some, the {i}th,somebody.with.a.long.address.{i:000000}@acme.example\n"
                .Replace(", ", " "));
        var file = Encoding.UTF8.GetBytes(text.ToString());
        file.Length.ShouldBeGreaterThan(Proof.Size(1_000_000, 6_000_000));
        (await Import(file)).Counts.ShouldBe(new(lines, 0, 0, 0, 0));
        var (counts, report) = await Import(file);
        counts.ShouldBe(new(0, 0, lines, 0, 0));
        report.Count.ShouldBe(lines + 1);
        report[^1][0].ShouldBe($"{lines + 1}");
        (await Here.Rows<(long, long, long)>(
            "select count(*), count(distinct subject_id), (select count(*) from accounts.search) from kernel.audit_entry "
            + "where action = 'AccountSignedUp'")).Single().ShouldBe((lines, lines, lines));
    }

    [Fact, Trait("Rule", "C4"), Trait("Rule", "L1")]
    public async Task New_accounts_on_a_domain_that_is_claimed_automatically_are_claimed_and_told_as_a_sign_up_is()
    {
        var (acme, globex) = (await Here.Organization("acme"), await Here.Organization("globex"));
        await Here.VerifiedDomain(acme, "acme.example", automatic: true);
        await Here.VerifiedDomain(globex, "globex.example", automatic: false);
        var (counts, report) = await Import(Encoding.UTF8.GetBytes("name,email\nLiam,liam@acme.example\nGus,gus@globex.example\n"),
            verified: true);
        counts.ShouldBe(new(2, 1, 0, 0, 0));
        report.Skip(1).Select(r => r[2]).ShouldBe(["created and claimed", "created"]);
        (await Here.Rows<(string, Guid?, short, bool)>(
            "select name, managed_by, state, email_verified from accounts.account order by name desc"))
            .ShouldBe([("Liam", acme.Value, (short)AccountState.Active, true), ("Gus", null, (short)AccountState.Active, true)]);

        await Here.Grant(new SignUpAccount(new(Guid.CreateVersion7()), EmailAddress.Trusted("mia@acme.example"), "Liam", true, acme,
            TestInstallation.Console));
        var entries = await Here.Rows<string>("""
            select concat_ws('|', organization_id, action, means, before, regexp_replace(concat(fact, after, personal),
              '(mia|liam)@|[0-9a-f-]{36}|"at": "[^"]*"', '', 'g')) from kernel.audit_entry
            where action = 'AccountSignedUp' and organization_id is not null
            """);
        entries.Count.ShouldBe(2);
        entries[0].ShouldBe(entries[1]);
    }

    [Fact, Trait("Rule", "M11")]
    public async Task A_preview_says_what_the_import_then_does_and_writes_nothing()
    {
        var acme = await Here.Organization("acme");
        await Here.VerifiedDomain(acme, "acme.example", automatic: true);
        await Here.Account("there@acme.example");
        var entries = await Here.Scalar<long>("select count(*) from kernel.audit_entry");
        var file = Encoding.UTF8.GetBytes("""
            name,email
            Liam,liam@acme.example
            Gus,gus@globex.example
            There,there@acme.example
            Liam,LIAM@acme.example
            Nobody,nobody
            """);
        var (counts, report) = await Import(file, preview: true);
        counts.ShouldBe(new(2, 1, 1, 1, 1));
        (await Here.Scalar<long>("select count(*) from accounts.account where email like '%liam%' or email like '%gus%'")).ShouldBe(0);
        (await Here.Scalar<long>("select count(*) from accounts.search where text like '%liam%'")).ShouldBe(0);
        (await Here.Scalar<long>("select count(*) from kernel.audit_entry")).ShouldBe(entries);
        var (done, doneReport) = await Import(file);
        done.ShouldBe(counts);
        doneReport.ShouldBe(report, Comparer);
    }

    static readonly EqualityComparer<string[]> Comparer =
        EqualityComparer<string[]>.Create((a, b) => a!.SequenceEqual(b!), line => line.Length);

    async Task<(ImportCounts Counts, IReadOnlyList<string[]> Report)> Import(byte[] file, bool verified = false, bool preview = false)
    {
        using var report = new MemoryStream();
        var counts = preview ? await Here.Grant(new PreviewImport(new MemoryStream(file), verified, report, _ => { }))
            : await Here.Grant(new ImportAccounts(new MemoryStream(file), verified, report, ByNobody, _ => { }));
        return (counts, await IndependentCsv.Read(report.ToArray()));
    }
}
