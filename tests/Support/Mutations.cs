using System.Security.Cryptography;
using System.Text;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// Inputs made of others: bits turned, pieces cut, doubled, repeated and taken from another input or from a list of words. No coverage
/// guides it (decision 0087), but the answers do: an input that is answered as none before is mutated on, and a whole run keeps it in
/// <c>tests/corpus</c>, where the next one begins.
/// </summary>
/// <param name="parser">What is asked; the folder's name.</param>
/// <param name="begin">As somebody honest would send them.</param>
/// <param name="words">What means something to the parser.</param>
sealed class Mutations(string parser, IReadOnlyList<byte[]> begin, IReadOnlyList<string> words, int seed, bool keeps)
{
    /// <summary>Own choices: more of the same shows nothing new, and a corpus is read by people, too.</summary>
    const int Longest = 64 * 1024, LongestKept = 4 * 1024, MostInputs = 2_000;

    static readonly byte[] Edges = [0, 1, 0x09, 0x0A, 0x0D, 0x20, 0x22, 0x26, 0x28, 0x2C, 0x3C, 0x5C, 0x7F, 0x80, 0xC0, 0xFE, 0xFF];

    readonly Random _random = new(seed);
    readonly string _folder = FolderOf(parser);
    readonly List<byte[]> _inputs = [.. begin, .. Kept(FolderOf(parser))];
    readonly List<byte[]> _words = [.. words.Select(Encoding.UTF8.GetBytes)];
    readonly HashSet<string> _answers = [];

    /// <summary>How many kinds of answers there were.</summary>
    public int Answers => _answers.Count;

    static string FolderOf(string name) => Path.Combine(Checkout.Root.FullName, "tests", "corpus", name);

    static IEnumerable<byte[]> Kept(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes) : [];

    /// <summary>Each of the corpus as it is, and then without an end what is made of them.</summary>
    public IEnumerable<byte[]> All()
    {
        foreach (var input in _inputs.ToList()) yield return input;
        while (true) yield return Next();
    }

    /// <param name="answer">Its kind, without what the input itself put into it.</param>
    public void Learn(byte[] input, string answer)
    {
        // What it began with is honest, or was kept before; All hands out those very arrays.
        if (!_answers.Add(answer) || _inputs.Count >= MostInputs || _inputs.Contains(input)) return;
        _inputs.Add(input);
        if (!keeps || input.Length > LongestKept) return;
        Directory.CreateDirectory(_folder);
        File.WriteAllBytes(Path.Combine(_folder, $"{Convert.ToHexStringLower(SHA256.HashData(input))[..16]}.bin"), input);
    }

    byte[] Next()
    {
        var input = new List<byte>(Pick(_inputs));
        for (var steps = _random.Next(1, 7); steps > 0; steps--) Change(input);
        return [.. input.Take(Longest)];
    }

    void Change(List<byte> input)
    {
        var at = _random.Next(input.Count + 1);
        var length = Math.Min(_random.Next(1, 1 << _random.Next(1, 10)), input.Count - at);
        var piece = input.GetRange(at, length);
        switch (_random.Next(9))
        {
            case 0 when length > 0: input[at] = (byte)(input[at] ^ (1 << _random.Next(8))); break;
            case 1 when length > 0: input[at] = (byte)_random.Next(256); break;
            case 2 when length > 0: input[at] = Edges[_random.Next(Edges.Length)]; break;
            case 3: input.RemoveRange(at, length); break;
            case 4: input.InsertRange(_random.Next(input.Count + 1), piece); break;
            case 5: // again and again: what takes the square of its length, or a call for each, shows so
                for (var times = 1 << _random.Next(11); times > 0 && input.Count < Longest; times--) input.InsertRange(at, piece);
                break;
            case 6: input.InsertRange(at, Another(_random.Next(1, 256))); break;
            default: input.InsertRange(at, Pick(_words)); break;
        }
    }

    /// <summary>A piece of another input.</summary>
    byte[] Another(int most)
    {
        var other = Pick(_inputs);
        var from = _random.Next(other.Length + 1);
        return other[from..Math.Min(other.Length, from + most)];
    }

    byte[] Pick(List<byte[]> of) => of[_random.Next(of.Count)];
}
