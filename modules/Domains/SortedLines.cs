using System.Text;

namespace DirectoryPlatform.Domains;

/// <summary>
/// A list of ASCII words embedded in this assembly, one a line and sorted by byte. It is searched where it lies:
/// 120,000 entries cost their 2 MB and no parsing.
/// </summary>
public sealed class SortedLines
{
    readonly byte[] _text;

    SortedLines(byte[] text) => _text = text;

    public static SortedLines Embedded(string resource)
    {
        using var stream = typeof(SortedLines).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not embedded: the build did not run Names/extract.mjs.");
        var text = new byte[stream.Length];
        stream.ReadExactly(text);
        return new SortedLines(text);
    }

    public IEnumerable<string> All => Encoding.ASCII.GetString(_text).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public bool Contains(string word)
    {
        var sought = Encoding.ASCII.GetBytes(word);
        var (low, high) = (0, _text.Length);
        while (low < high)
        {
            var start = LineStart((low + high) / 2);
            var length = _text.AsSpan(start).IndexOf((byte)'\n');
            switch (_text.AsSpan(start, length).SequenceCompareTo(sought))
            {
                case 0: return true;
                case < 0: low = start + length + 1; break;
                default: high = start; break;
            }
        }
        return false;
    }

    int LineStart(int at) => at == 0 ? 0 : _text.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
}
