using System.Diagnostics;
using System.Text;
using System.Text.Json;
using DirectoryPlatform.Domains.Names;

namespace DirectoryPlatform.Tests.Domains.Names;

public class NormalForm
{
    /// <summary>The oracle is the ICU inside node, asked about random sequences rich in marks.</summary>
    [Fact, Trait("Rule", "D2")]
    public async Task Agrees_with_ICU_on_20000_random_sequences()
    {
        var random = new Random(3492);
        var pool = Enumerable.Range(0x61, 0x3FFFF - 0x61).Where(code => code is < 0xD800 or > 0xDFFF).Select(code => new Rune(code))
            .Where(rune => Letters.Lower(rune) == rune && Letters.Script(rune) is not "Unknown").ToArray();
        var marks = pool.Where(Letters.IsMark).ToArray();
        var latin = pool.Where(rune => Letters.Script(rune) == "Latin").ToArray();
        marks.Length.ShouldBeGreaterThan(1000);
        var accents = Enumerable.Range(0x300, 0x28).Select(code => new Rune(code)).Where(rune => Letters.Lower(rune) == rune).ToArray();
        Rune Any(Rune[] from) => from[random.Next(from.Length)];
        Rune Next() =>
            random.Next(5) switch
            {
                0 => Any(marks),
                1 => Any(accents),
                2 => Any(latin),
                3 => new Rune('a' + random.Next(26)),
                _ => Any(pool)
            };
        var sequences = new Rune[20_000][];
        for (var i = 0; i < sequences.Length; i++)
            sequences[i] = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Next()).ToArray();

        var icu = await Icu(sequences.Select(runes => string.Concat(runes)));

        icu.Count(stable => stable).ShouldBeInRange(2_000, 19_000);
        for (var i = 0; i < sequences.Length; i++)
            Letters.InNormalForm(sequences[i]).ShouldBe(icu[i], string.Join(' ', sequences[i].Select(rune => $"{rune.Value:X4}")));
    }

    static async Task<bool[]> Icu(IEnumerable<string> texts)
    {
        const string script = """
            let s = '';
            process.stdin.setEncoding('utf8').on('data', d => s += d)
              .on('end', () => console.log(JSON.stringify(JSON.parse(s).map(x => x.normalize('NFKC') === x))));
            """;
        using var node =
            Process.Start(new ProcessStartInfo("node", ["-e", script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(texts));
        node.StandardInput.Close();
        return JsonSerializer.Deserialize<bool[]>(await node.StandardOutput.ReadToEndAsync())!;
    }
}
