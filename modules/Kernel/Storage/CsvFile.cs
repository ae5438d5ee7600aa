using CsvHelper;

namespace DirectoryPlatform.Kernel;

/// <summary>How every CSV leaves the product: UTF-8 with BOM for spreadsheets, CRLF (RFC 4180), and cells that a spreadsheet would run as formulas made harmless (SPEC M9).</summary>
public static class CsvFile
{
    /// <param name="output">Stays open.</param>
    /// <param name="continued">True for a later part of a file that has its mark already.</param>
    public static CsvWriter Write(Stream output, bool continued = false) => CsvWriter.Create(
        output, new CsvWriterOptions { NewLine = "\r\n", WriteByteOrderMark = !continued, Injection = CsvInjection.Escape, Quoting = CsvQuoting.WhenNeeded }, leaveOpen: true);
}
