using CsvHelper;

namespace DirectoryPlatform.Kernel.Storage;

/// <summary>How every CSV leaves the product: UTF-8 with BOM for spreadsheets, CRLF (RFC 4180), and cells that a spreadsheet would run as
/// formulas made harmless (SPEC M9).</summary>
public sealed class CsvFile : IAsyncDisposable
{
    /// <summary>The full-width forms of = + - @, which some spreadsheets read as these. The library takes ASCII alone.</summary>
    const string FullWidth = "\uFF1D\uFF0B\uFF0D\uFF20";

    readonly CsvWriter _csv;

    CsvFile(CsvWriter csv) => _csv = csv;

    /// <param name="output">Stays open.</param>
    /// <param name="continued">True for a later part of a file that has its mark already.</param>
    public static CsvFile Write(Stream output, bool continued = false)
    {
        var options = new CsvWriterOptions
        {
            NewLine = "\r\n",
            WriteByteOrderMark = !continued,
            Injection = CsvInjection.Escape,
            Quoting = CsvQuoting.WhenNeeded
        };
        return new(CsvWriter.Create(output, options, leaveOpen: true));
    }

    /// <param name="fields">The record's own: cells are made harmless in place.</param>
    public ValueTask WriteRecordAsync(string[] fields, CancellationToken ct)
    {
        foreach (ref var field in fields.AsSpan())
            if (field is { Length: > 0 } && FullWidth.Contains(field[0], StringComparison.Ordinal)) field = $"'{field}";
        return _csv.WriteRecordAsync(fields, ct);
    }

    public ValueTask DisposeAsync() => _csv.DisposeAsync();
}
