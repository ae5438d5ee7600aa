using System.Text;
using DirectoryPlatform.Accounts;
using DirectoryPlatform.Accounts.Internal.AddressLists;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Accounts;

/// <summary>The one reader of lists of addresses (SPEC M11, C6): whatever a list comes from, it names the same people, and no line is lost.
/// </summary>
[Trait("Rule", "M11"), Trait("Rule", "C6")]
public sealed class ReadAddressLists
{
    static readonly string[] People = ["ada@acme.example", "bob@acme.example", "eve@acme.example"];

    static readonly Dictionary<string, Func<string, byte[]>> Encodings = new()
    {
        ["UTF-8"] = Encoding.UTF8.GetBytes,
        ["UTF-8 with its mark"] = t => [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(t)],
        ["UTF-16"] = t => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(t)],
        ["UTF-16, great end first"] = t => [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(t)],
        ["UTF-16 without its mark"] = Encoding.Unicode.GetBytes,
        ["Windows-1252"] = CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes,
    };

    /// <summary>A column, or a table with others beside it: rows of cells.</summary>
    static readonly Dictionary<string, Func<string, string[]>> Columns = new()
    {
        ["a column"] = e => [e],
        ["the last of three"] = e => ["Zoë Müller", "", e],
        ["in the middle, with a comma in a name"] = e => ["Smith, Jim; senior", e, "01900000-0000-7000-8000-00000000beef"],
    };

    static readonly Dictionary<string, Func<string, string>> Around = new()
    {
        ["nothing"] = e => e,
        ["letters of any case"] = e => e.ToUpperInvariant(),
        ["blanks"] = e => $"  {e} ",
        ["U+200B behind"] = e => $"{e}\u200B",
        ["U+FEFF before"] = e => $"\uFEFF{e}",
        ["U+2060 and U+200E"] = e => $"\u2060{e}\u200E",
        ["U+00AD and U+00A0"] = e => $"\u00AD{e}\u00A0",
        ["a name"] = e => $"Zoë <{e}>",
        ["single quotes"] = e => $"'{e}'",
        ["mailto:"] = e => $"mailto:{e}",
        ["a name in quotes"] = e => $"\"Müller, Zoë\" <{e}>",
    };

    static readonly string[] Heads = ["Email", "E-Mail", "email address", "Adresse électronique", "E-Mail-Adresse", "User name"];

    static string Cell(string text, string separator, bool quoted) => quoted || text.Contains(separator, StringComparison.Ordinal)
        || text.Contains('"', StringComparison.Ordinal) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    [Fact]
    public async Task A_list_names_the_same_people_in_every_encoding_with_every_separator_quotes_head_and_invisible_character()
    {
        var (lists, pairs) = (0, new HashSet<string>());
        foreach (var (encoding, bytes) in Encodings)
            foreach (var (columns, row) in Columns)
                foreach (var (around, put) in Around)
                    foreach (var separator in (string[])[",", ";", "\t"])
                        foreach (var quoted in (bool[])[false, true])
                            foreach (var end in (string[])["\r\n", "\n", "\r"])
                            {
                                // The small size has each pair of two of these; whole, all with all.
                                object[] kinds = [encoding, columns, around, separator, quoted, end];
                                var some = kinds.SelectMany((one, i) => kinds.Skip(i + 1).Select(other => $"{i} {one} {other}")).ToList();
                                if (some.Count(pairs.Add) == 0 && !Proof.Whole) continue;
                                var head = row(Heads[lists++ % Heads.Length]);
                                if (head.Length > 1) head[0] = "Name";
                                var cells = (string[][])[head, .. People.Select(p => row(put(p))), row(put(People[1]))];
                                var text = string.Join(end, cells.Select(r => string.Join(separator,
                                    r.Select(c => Cell(c, separator, quoted)))).Append("").Prepend(""));
                                // What this encoding has not is left away, as the program that writes it does.
                                if (encoding == "Windows-1252") text = string.Concat(text.Where(c => c < '\u0100'));
                                var list = await ReadAddressListHandler.Read(AddressInput.Of(new MemoryStream(bytes(text))), default);
                                var what = $"{encoding}, {columns}, {around}, '{separator}', quoted: {quoted}:\n{text}";
                                list.Granted.ShouldBeTrue(what);
                                list.Value.Emails.Keys.Select(e => e.Value).ShouldBe(People, what);
                                (list.Value.BadLines.Count, list.Value.Repeated).ShouldBe((0, 1), what);
                                list.Value.Emails.Values.Select(e => e.Line).ShouldBe([3, 4, 5], what);
                            }
        lists.ShouldBeGreaterThan(Proof.Size(66, 3_000));
    }

    [Fact]
    public async Task Every_line_is_an_address_a_repeated_one_or_told_once_with_its_text()
    {
        string[] oddities =
        [
            "\"Bob Stray,bob@acme.example", "\"Ann\" Smith", "nonsense", "q3.acme-ok.example", "ada@acme.example;x", "two@acme.example,",
            "a\"b@acme.example", "x@", "\"", "\"\"", "<ada@acme.example", "ada@acme.example\u200Bx", "ada\u200B@acme.example", "=1+1",
        ];
        var random = new Random(14);
        for (var round = 0; round < Proof.Size(500, 2_000); round++)
        {
            var lines = Enumerable.Range(0, random.Next(1, 12)).Select(i => random.Next(3) switch
            {
                0 => oddities[random.Next(oddities.Length)],
                1 => $"p{i}.{round}@acme.example",
                _ => $"p{random.Next(3)}@acme.example",
            }).ToArray();
            var bytes = Encoding.UTF8.GetBytes(string.Join('\n', lines));
            var read = await ReadAddressListHandler.Read(AddressInput.Of(new MemoryStream(bytes)), default);
            var what = string.Join('\n', lines);
            var told = read.Granted ? read.Value.BadLines : [];
            told.Select(b => b.Line).ShouldBeUnique(what);
            told.ShouldAllBe(b => lines[b.Line - 1] == b.Text, what);
            var (emails, repeated) = read.Granted ? (read.Value.Emails.Count, read.Value.Repeated) : (0, 0);
            (emails + repeated + told.Count).ShouldBe(lines.Count(l => l != "\"\""), what);
        }
    }

    /// <summary>However many of its four bytes end a block of 64 KiB.</summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task A_character_that_two_blocks_share_is_read(int before)
    {
        const int block = 64 * 1024;
        var (text, people) = (new StringBuilder("Name,Email\n"), 0);
        void Add(string name) => text.Append($"{name},p{people++:00000}@acme.example\n");
        while (text.Length < block - 100) Add("x");
        Add($"{new string('x', block - before - text.Length)}😀");
        // What follows has a byte for each character.
        while (text.Length < 2 * block) Add("x");
        using var file = new MemoryStream(Encoding.UTF8.GetBytes($"{text}"));
        TextEncoding.Of(file).ShouldBe(Encoding.UTF8);
        var list = await ReadAddressListHandler.Read(AddressInput.Of(file), default);
        (list.Value.Emails.Count, list.Value.BadLines.Count).ShouldBe((people, 0));
    }

    [Fact]
    public void A_typed_address_without_its_sign_is_told_and_not_taken_for_a_head()
    {
        var list = ReadAddressListHandler.OfText("q3.h4split-ok.com\nq4@h4split-ok.com").Value;
        list.BadLines.Single().ShouldBe(new BadLine(1, "q3.h4split-ok.com", "An email address looks like name@company.com."));
        list.Emails.Keys.Single().Value.ShouldBe("q4@h4split-ok.com");
    }

    [Theory]
    [InlineData("\"Smith, Alice\" <alice@h4z.example>; Jones, Bob <bob@h4z.example>; Müller Eva <eva@h4z.example>")]
    [InlineData("Alice Smith <alice@h4z.example>, Jones, Bob <bob@h4z.example>,eva@h4z.example")]
    [InlineData("alice@h4z.example, \"Bob\" <bob@h4z.example>; eva@h4z.example;")]
    [InlineData("<alice@h4z.example>\n<bob@h4z.example>\nEva <mailto:eva@h4z.example>")]
    [InlineData("alice@h4z.example bob@h4z.example\teva@h4z.example")]
    public async Task A_list_copied_from_a_mail_program_is_read(string text)
    {
        string[] people = ["alice@h4z.example", "bob@h4z.example", "eva@h4z.example"];
        var typed = ReadAddressListHandler.OfText(text).Value;
        (typed.Emails.Keys.Select(e => e.Value), typed.BadLines.Count).ShouldSatisfyAllConditions(
            l => l.Item1.ShouldBe(people), l => l.Count.ShouldBe(0));
        var file = await ReadAddressListHandler.Read(AddressInput.Of(new MemoryStream(Encoding.UTF8.GetBytes(text))), default);
        file.Value.Emails.Keys.Select(e => e.Value).ShouldBe(people);
    }

    [Fact]
    public void A_name_of_a_million_commas_is_read_in_no_time()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var list = ReadAddressListHandler.OfText($"{string.Concat(Enumerable.Repeat("x,", 1_000_000))} <alice@h4z.example>").Value;
        list.Emails.Keys.Single().Value.ShouldBe("alice@h4z.example");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10), "each comma looked back to the first one");
    }

    [Theory]
    [InlineData("a3\u200B@h4m.example", "There is an invisible character, U+200B, after “a3”.")]
    [InlineData("a3@h4m\u00AD.example", "There is an invisible character, U+00AD, after “a3@h4m”.")]
    public void An_invisible_character_within_an_address_is_named(string text, string why) =>
        EmailAddress.Parse(text).Refusal!.Sentence.ShouldBe(why);

    [Fact]
    public async Task A_file_that_our_own_export_wrote_is_read_by_its_column()
    {
        using var output = new MemoryStream();
        await using (var csv = CsvFile.Write(output))
        {
            await csv.WriteRecordAsync(["Name", "Email", "Account id", "Status"], default);
            await csv.WriteRecordAsync(["Smith, \"Jim\"", "=jim@acme.example", "x@y.example", "Active"], default);
            await csv.WriteRecordAsync(["", "eve@acme.example", "", ""], default);
        }
        var list = await ReadAddressListHandler.Read(AddressInput.Of(new MemoryStream(output.ToArray())), default);
        list.Value.Emails.Keys.Select(e => e.Value).ShouldBe(["=jim@acme.example", "eve@acme.example"]);
        list.Value.BadLines.ShouldBeEmpty();
    }
}
