using System.Diagnostics;
using System.Text;
using System.Text.Json;
using DirectoryPlatform.Tests.Support;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>All of Unicode's letters, against the ICU inside node: what a letter's forms are never changes once it has been given
/// out.</summary>
[Trait("Rule", "N1"), Trait("Rule", "N2")]
public sealed class FoldNames(FoldNames.Letters letters) : OnInstallation, IClassFixture<FoldNames.Letters>
{
    /// <summary>A text in the forms in which it may be typed, copied or read from a file.</summary>
    public sealed record LetterForms(string Text, string Nfc, string Nfd, string Nfkc, string Nfkd, string Upper, string Lower)
    {
        public IEnumerable<string> All => [Text, Nfc, Nfd, Nfkc, Nfkd, Upper, Lower];

        public override string ToString() => string.Join(' ', Text.EnumerateRunes().Select(r => $"U+{r.Value:X4}"));
    }

    public sealed class Letters : IAsyncLifetime
    {
        const string Script = """
            const out = [], of = s => out.push([s, ...['NFC', 'NFD', 'NFKC', 'NFKD'].map(f => s.normalize(f)),
              s.toUpperCase(), s.toLowerCase()]);
            const marks = [];
            for (let n = 0; n < 0x110000; n++) {
              const c = n < 0xD800 || n > 0xDFFF ? String.fromCodePoint(n) : '';
              if (/\p{L}/u.test(c)) of(c); else if (/\p{M}/u.test(c)) marks.push(c);
            }
            const count = out.length;
            let seed = 3492;
            const next = most => (seed = (seed * 48271) % 0x7FFFFFFF) % most;
            const any = from => from[next(from.length)];
            for (let i = 0; i < 20000; i++)
              of(Array.from({ length: 1 + next(5) }, () => next(2) ? any(marks) : out[next(count)][0]).join(''));
            process.stdout.write(JSON.stringify({ letters: out.slice(0, count), random: out.slice(count) }));
            """;

        public IReadOnlyList<LetterForms> Single { get; private set; } = [];
        public IReadOnlyList<LetterForms> Random { get; private set; } = [];

        public async Task InitializeAsync()
        {
            using var node = Process.Start(new ProcessStartInfo("node", ["-e", Script])
            {
                RedirectStandardOutput = true,
                StandardOutputEncoding = Encoding.UTF8
            })!;
            var read = JsonSerializer.Deserialize<Dictionary<string, string[][]>>(await node.StandardOutput.ReadToEndAsync())!;
            (Single, Random) = (Of("letters"), Of("random"));
            Single.Count.ShouldBeGreaterThan(130_000);
            Single = Proof.Size<LetterForms[]>([.. Single.Where((letter, n) => !IsOneOfThousands(letter) || n % 16 == 0)], [.. Single]);

            LetterForms[] Of(string kind) => [.. read[kind].Select(f => new LetterForms(f[0], f[1], f[2], f[3], f[4], f[5], f[6]))];
        }

        /// <summary>Ideographs and syllables of Hangul: five letters of six, and alike among themselves.</summary>
        static bool IsOneOfThousands(LetterForms letter) => letter.Text.EnumerateRunes().First().Value is
            (>= 0x3400 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0x17000 and <= 0x18CFF) or >= 0x20000;

        public Task DisposeAsync() => Task.CompletedTask;
    }

    [Fact]
    public void Normal_forms_are_those_of_ICU()
    {
        foreach (var forms in letters.Single.Concat(letters.Random))
        {
            NormalForm.Nfc(forms.Text).ShouldBe(forms.Nfc, $"{forms}");
            NormalForm.Nfd(forms.Text).ShouldBe(forms.Nfd, $"{forms}");
            NormalForm.Nfc(forms.Nfd).ShouldBe(forms.Nfc, $"{forms}");
        }
    }

    // Compared first and told afterwards: words for each of a million comparisons took a minute.
    [Fact]
    public void A_letter_has_one_key_in_all_its_forms_and_in_both_cases() => (
        from forms in letters.Single
        let keys = (SearchKey.Typed(forms.Text), SearchKey.Exact(forms.Text))
        from form in forms.All
        where (SearchKey.Typed(form), SearchKey.Exact(form)) != keys
        select $"{forms} as {form}").ShouldBeEmpty();

    [Fact]
    public void What_is_normalised_or_folded_once_stays_as_it_is() => (
        from forms in letters.Single.Concat(letters.Random)
        let text = PlainText.Normalise(forms.Text)
        let exact = SearchKey.Exact(forms.Text)
        let typed = SearchKey.Typed(forms.Text)
        where PlainText.Normalise(text) != text || SearchKey.Exact(exact) != exact || SearchKey.Typed(typed) != typed
            || SearchKey.Of(text) != SearchKey.Of(forms.Text)
        select $"{forms}").ShouldBeEmpty();

    /// <summary>The database only compares: it is asked with each letter in each form, in batches.</summary>
    [Fact]
    public async Task A_person_whose_name_holds_a_letter_is_found_by_the_name_in_each_form()
    {
        foreach (var batch in letters.Single.Chunk(20_000))
        {
            var asked = batch.SelectMany(forms => forms.All.Distinct().Select(form => (forms, form))).ToArray();
            (await Here.Rows<int>("""
                select n::int from unnest(@keys, @patterns) with ordinality as q(key, pattern, n) where key not like pattern
                """, new
            {
                keys = asked.Select(a => SearchKey.Of($"Ann {a.forms.Text} Bo")).ToArray(),
                patterns = asked.Select(a => SearchKey.Pattern(SearchKey.Typed($"n {a.form} B")!)).ToArray(),
            })).Select(n => asked[n - 1].forms).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("José", "jose", "JOSÉ", "Jose\u0301")]
    [InlineData("Łukasz", "lukasz")]
    [InlineData("Øystein", "oystein", "oeystein", "ØYSTEIN")]
    [InlineData("Đặng Nguyễn", "dang", "nguyen")]
    [InlineData("Straße", "strasse", "STRASSE", "STRAẞE")]
    [InlineData("İpek Iğdır", "ipek", "İPEK", "igdir", "Iğdır", "IĞDIR")]
    [InlineData("Jürgen Müller", "jurgen", "juergen", "mueller", "müller")]
    [InlineData("Ångström", "angstrom", "aangstroem")]
    [InlineData("Σίσυφος", "ΣΊΣΥΦΟΣ", "σισυφος")]
    [InlineData("Ｗｉｄｅ ﬁnn", "wide finn")]
    [InlineData("O’Brien–Smith", "o'brien-smith", "O’Brien–Smith")]
    [InlineData("한글", "\u1112\u1161\u11ab\u1100\u1173\u11af")]
    [InlineData("ガギ", "ｶﾞｷﾞ")]
    [InlineData("مُحَمَّد", "محمد")]
    [InlineData("Þór Æsa", "thor", "aesa")]
    [InlineData("Marie \u200B\u00A0 Curie", "marie curie")]
    [InlineData("100% _a\\b", "0% _a\\")]
    public void Is_found_by_what_is_typed(string name, params string[] typed)
    {
        foreach (var text in typed.Append(name)) SearchKey.Of(name).ShouldContain(SearchKey.Typed(text)!, Case.Sensitive, text);
        SearchKey.Unique(name).ShouldContain(SearchKey.Typed(typed[0])!);
    }

    [Theory]
    [InlineData("Contráctors", "contra\u0301ctors\u200B", true)]
    [InlineData("Engineering Team", "ENGINEERING\u00A0 Team\u00AD", true)]
    [InlineData("Ａ", "a", true)]
    [InlineData("Contráctors", "Contractors", false)]
    [InlineData("Müller", "Mueller", false)]
    [InlineData("Müller", "Muller", false)]
    public void Names_are_one_when_case_width_and_what_nobody_sees_is_all_that_they_differ_by(string one, string other, bool same) =>
        (SearchKey.Unique(one) == SearchKey.Unique(other)).ShouldBe(same);

    [Theory]
    [InlineData("  Ada\t\r\n Lovelace\u2028", "Ada Lovelace")]
    [InlineData("A\u200Bda\uFEFF\u2060\u00AD\u200E", "Ada")]
    [InlineData("👩‍🔬 ❤️", "👩‍🔬 ❤️")]
    [InlineData("a\u200Db\uFE0F", "ab")]
    [InlineData("\u200B\u2800\u3164", "")]
    public void A_name_has_one_spelling(string typed, string kept) => PlainText.Normalise(typed).ShouldBe(kept);

    [Fact]
    public void Length_is_what_a_person_counts()
    {
        PlainText.ReadName(string.Concat(Enumerable.Repeat("😀", 100))).Granted.ShouldBeTrue();
        PlainText.ReadName(string.Concat(Enumerable.Repeat("😀", 101))).Refusal.ShouldBeOfType<InvalidValue>();
        PlainText.ReadName("a" + new string('\u0338', 5_000)).Refusal.ShouldBeOfType<InvalidValue>("one sign of 5,000 marks");
        PlainText.Length(PlainText.Cut(string.Concat(Enumerable.Repeat("é😀", 80)), 100)).ShouldBe(100);
        SearchKey.Unique(new string('\uFDFA', 100)).Length.ShouldBeLessThanOrEqualTo(800, "an index row has its limit");
    }
}
