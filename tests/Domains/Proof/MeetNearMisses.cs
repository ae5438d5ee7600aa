using System.Globalization;
using DirectoryPlatform.Domains;
using DirectoryPlatform.Domains.Internal.Proof;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Domains.Proof;

/// <summary>Records that are nearly right: white space around the value makes no difference, and of everything else it is said what was
/// probably meant (SPEC D7). Against a real name server.</summary>
[Collection(Alone.Name), Trait("Rule", "D7")]
public sealed class MeetNearMisses : IClassFixture<OneNameServer>, IDisposable
{
    const string Zone = "acme.example", Challenge = "_directory-challenge", Prefix = "directory-domain-verification=";
    const string Token = Proving.Token, Sought = Prefix + Token;

    readonly OneNameServer _knot;
    readonly Proving _proving;

    public MeetNearMisses(OneNameServer knot) =>
        (_knot, _proving) = (knot, new Proving(("Dns:Servers", knot.Address), ("Dns:TimeoutSeconds", "0.5"), ("Dns:Attempts", "1")));

    public void Dispose()
    {
        _proving.Dispose();
        _knot.Clear();
    }

    Task<Evidence> Look(string domain = Zone) => _proving.Look(ProofMethod.Dns, DomainName.Parse(domain).Value);

    /// <summary>As a zone file has it: every byte that is no plain letter by its number.</summary>
    static string Zoned(string text) => $"\"{string.Concat(System.Text.Encoding.UTF8.GetBytes(text).Select(b =>
        char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'=' or (byte)'/' or (byte)'+'
            ? $"{(char)b}" : string.Create(CultureInfo.InvariantCulture, $"\\{b:000}")))}\"";

    public static TheoryData<string> Unseen => new()
    {
        " ", "\u00a0", "\n", "\r\n", "\t", "\u200b", "\ufeff", "\u3000", "\u2060",
    };

    [Theory, MemberData(nameof(Unseen)), Trait("Rule", "D4")]
    public async Task What_nobody_sees_around_the_value_makes_no_difference(string unseen)
    {
        foreach (var value in (string[])[$"{Sought}{unseen}", $"{unseen}{Sought}", $"{unseen}{unseen}{Sought}{unseen} "])
        {
            _knot.Clear();
            _knot.Set(Zone, Challenge, "TXT", Zoned(value));
            var evidence = await Look();
            evidence.Verdict.ShouldBe("proved", evidence.Explanation);
        }
    }

    public static TheoryData<string, string> Values => new()
    {
        { $"{Sought};", "the right value with “;” after it" },
        { $"{Sought} ; a note", "the right value with “; a note” after it" },
        { $"{Sought}.", "the right value with “.” after it" },
        { $"TXT {Sought}", "the right value with “TXT” in front of it" },
        { $"_directory-challenge IN TXT \"{Sought}\"", "in front of it and “\"” after it" },
        { $"value={Sought};", "in front of it and “;” after it" },
        { $"\"{Sought}\"", "in quotation marks that are part of it" },
        { $"“{Sought}”", "in quotation marks that are part of it" },
        { $"'{Sought}'", "in quotation marks that are part of it" },
        { $"\\\"{Sought}\\\"", "in quotation marks that are part of it" },
        { $"\" {Sought} \"", "in quotation marks that are part of it" },
        { $"{Sought}{Sought}", "the right value more than once" },
        { $"{Sought} {Sought}", "the right value more than once" },
        { Token, "the token alone" },
        { $"\"{Token}\"", "the token alone" },
        { $"{Prefix} {Token}", "with white space in it" },
        { $"{Prefix}{Token[..32]}\n{Token[32..]}", "with white space in it" },
        { $"{Prefix}{Token[..30]}\u200b{Token[30..]}", "with white space in it" },
        { $"directory-domain-verification: {Token}", "the right token, but not directly after" },
        { $"google-site-verification={Token}", "the right token, but not directly after" },
        { $"DIRECTORY-DOMAIN-VERIFICATION={Token}", "the right token, but not directly after" },
        { Sought.ToLowerInvariant(), "capital and small letters changed" },
        { Sought.ToUpperInvariant(), "capital and small letters changed" },
        { Prefix, "without the token after it" },
        { Sought[..^7], "only the first 57 of the token’s 64 characters" },
        { $"{Sought[..^1]}x", "one character that is not the same" },
        { $"{Prefix}xyz{Token[3..]}", "3 characters that are not the same" },
        { $"{Prefix}{new string('A', 64)}", "another token, perhaps an earlier one" },
    };

    [Theory, MemberData(nameof(Values))]
    public async Task Of_a_value_it_is_said_what_is_wrong_with_it(string value, string said)
    {
        foreach (var owner in (string[])[Challenge, "@"])
        {
            _knot.Clear();
            _knot.Set(Zone, owner, "TXT", Zoned(value), "\"v=spf1 -all\"");
            var evidence = await Look();
            (evidence.Proved, evidence.Verdict).ShouldBe((false, "otherValue"), evidence.Explanation);
            evidence.Explanation.ShouldContain(said);
            evidence.Explanation.ShouldContain(owner == "@" ? "acme.example has" : "_directory-challenge.acme.example has");
        }
    }

    [Fact]
    public void However_a_token_is_rewritten_it_is_known_again_and_never_by_itself()
    {
        var random = new Random(23);
        for (var i = 0; i < 300; i++)
        {
            var bytes = new byte[48];
            random.NextBytes(bytes);
            var token = Convert.ToBase64String(bytes);
            foreach (var value in (string[])[Uri.EscapeDataString(Prefix + token), token.Replace("/", "&#x2F;", StringComparison.Ordinal),
                $"{Prefix}{token.Replace('+', '-').Replace('/', '_')}", (Prefix + token).Replace("=", "\\=", StringComparison.Ordinal),
                $"{Prefix}{token.ToUpperInvariant()}", $"x{Prefix}{token}y", $"{Prefix}{token[..random.Next(8, 64)]}"])
                NearValue.Of([value], token).ShouldNotBeNull(value).IsOurs.ShouldBeTrue(value);
            random.NextBytes(bytes);
            NearValue.Of([$"{Prefix}{Convert.ToBase64String(bytes)}"], token)!.IsOurs.ShouldBeFalse();
            NearValue.Of([Convert.ToBase64String(bytes), "v=spf1 -all", "", "\"\""], token).ShouldBeNull();
            // In how many records it stands, and in which order.
            var cuts = Enumerable.Range(1, 3).Select(_ => random.Next(1, Prefix.Length + 64)).Distinct().Order().ToList();
            var parts = cuts.Prepend(0).Zip(cuts.Append(Prefix.Length + 64), (from, to) => (Prefix + token)[from..to]).ToArray();
            random.Shuffle(parts);
            var split = NearValue.Of([.. parts, "v=spf1 -all"], token);
            // The whole token in one of them is said before.
            if (!parts.Any(p => p.Contains(token, StringComparison.Ordinal) || p.Length >= Prefix.Length + 8 && p.StartsWith(Prefix,
                StringComparison.Ordinal) || p == Prefix))
                split.ShouldNotBeNull().What.ShouldContain($"in {parts.Length.ToString(CultureInfo.InvariantCulture)} records");
            else split.ShouldNotBeNull().IsOurs.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Pieces_that_fit_in_many_ways_are_not_tried_without_end()
    {
        // The last character is in none of them.
        var twice = Enumerable.Range(0, 31).Select(i => Sought[(3 * i)..(3 * i + 3)]).SelectMany(p => (string[])[p, $"{p} "]);
        var cut = Enumerable.Range(0, 20).Select(i => Sought[(3 * i)..(3 * i + 3)]).SelectMany(p => (string[])[p, p[..1], p[1..]]);
        foreach (var pieces in (string[][])[[.. twice], [.. cut]])
            (await Task.Run(() => NearValue.Of(pieces, Token)).WaitAsync(TimeSpan.FromSeconds(5))).ShouldBeNull();
    }

    [Fact]
    public async Task A_value_in_two_records_is_one_that_was_split()
    {
        _knot.Set(Zone, Challenge, "TXT", Zoned(Sought[60..]), Zoned(Sought[..20]), "\"v=spf1 -all\"", Zoned(Sought[20..60]));
        var evidence = await Look();
        evidence.Verdict.ShouldBe("otherValue");
        evidence.Explanation.ShouldContain("the right value in 3 records instead of one");
    }

    [Theory]
    [InlineData("acme.example", $"{Challenge}.acme.example.acme.example", "enter only _directory-challenge as the name")]
    [InlineData("acme.example", "acme.example.acme.example", "enter only _directory-challenge as the name")]
    [InlineData("acme.example", "directory-challenge.acme.example", "without the underscore")]
    [InlineData("acme.example", $"{Challenge}.www.acme.example", "with www")]
    [InlineData("acme.example", "www.acme.example", "with www")]
    [InlineData("acme.example", "directory-domain-verification.acme.example", "the beginning of the value")]
    [InlineData("eu.acme.example", $"{Challenge}.eu.acme.example.acme.example", "enter only _directory-challenge.eu as the name")]
    [InlineData("eu.acme.example", $"{Challenge}.eu.acme.example.eu.acme.example", "enter only _directory-challenge as the name")]
    [InlineData("eu.acme.example", $"{Challenge}.acme.example", "each subdomain has a record of its own")]
    [InlineData("eu.acme.example", "acme.example", "each subdomain has a record of its own")]
    public async Task At_a_name_where_it_was_not_meant_to_be_it_is_found_and_the_right_one_said(string domain, string name, string why)
    {
        var owner = name == Zone ? "@" : name[..^(Zone.Length + 1)];
        _knot.Set(Zone, owner, "TXT", Zoned(Sought));
        // Somebody else's record at the right place does not hide it.
        if (domain == Zone) _knot.Set(Zone, "@", "TXT", Zoned($"{Prefix}{new string('A', 64)}"));
        var evidence = await Look(domain);
        (evidence.Proved, evidence.Verdict).ShouldBe((false, "otherName"), evidence.Explanation);
        evidence.Explanation.ShouldStartWith($"The right record is at {name}, ");
        evidence.Explanation.ShouldContain(why, Case.Insensitive);
        evidence.Explanation.ShouldEndWith($"The record must be at {Challenge}.{domain} or at {domain}.");
        evidence.SaysMissing.ShouldBeTrue();
        evidence.Saw.ShouldContain(line => line.What.Contains(Token, StringComparison.Ordinal));
        // Both wrong: both are said.
        _knot.Unset(Zone, owner, "TXT");
        _knot.Set(Zone, owner, "TXT", Zoned($"{Sought};"));
        var both = await Look(domain);
        both.Verdict.ShouldBe("otherName");
        both.Explanation.ShouldContain("“;” after it");
    }

    [Fact]
    public async Task Other_names_are_neither_told_of_nor_asked_where_there_is_nothing_to_find()
    {
        _knot.Set(Zone, "www", "TXT", "\"v=spf1 -all\"", Zoned($"{Prefix}{new string('B', 64)}"));
        var nothing = await Look();
        nothing.Verdict.ShouldBe("noRecord");
        nothing.Saw.Count.ShouldBe(2);
        _knot.Set(Zone, "@", "TXT", "\"v=spf1 -all\"");
        (await Look()).Explanation.ShouldStartWith("One TXT record was found, ");
        _knot.Set(Zone, Challenge, "TXT", "\"v=spf1 -all\"");
        (await Look()).Explanation.ShouldStartWith("2 TXT records were found, ");
    }

    [Fact]
    public async Task A_CNAME_where_a_TXT_record_belongs_is_called_one()
    {
        _knot.Set(Zone, Challenge, "CNAME", $"proof.{Zone}.");
        _knot.Set(Zone, "proof", "A", "192.0.2.1");
        var evidence = await Look();
        evidence.Verdict.ShouldBe("noRecord");
        evidence.Explanation.ShouldContain($"is a CNAME record to proof.{Zone}");
        evidence.Explanation.ShouldContain("type of the record must be TXT");
        evidence.Explanation.ShouldEndWith($"publish the TXT record at {Zone}.");
    }
}
