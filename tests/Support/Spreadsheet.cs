using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;

namespace DirectoryPlatform.Tests.Support;

/// <summary>Opens a CSV file with LibreOffice, as somebody who clicks on it does.</summary>
static class Spreadsheet
{
    static readonly XNamespace Table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    Text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0";

    /// <param name="Value">Lines are joined by "\n"; empty for an empty cell.</param>
    /// <param name="IsFormula">Whether LibreOffice computes it.</param>
    public sealed record Cell(string Value, bool IsFormula);

    /// <returns>The rows with their cells, each as long as its last cell that holds something.</returns>
    public static async Task<IReadOnlyList<IReadOnlyList<Cell>>> Open(byte[] csv)
    {
        var folder = Directory.CreateTempSubdirectory("calc-").FullName;
        try
        {
            await File.WriteAllBytesAsync($"{folder}/file.csv", csv);
            // Comma, double quote, UTF-8: what the program's own dialogue proposes for a file with our mark.
            using var office = Process.Start(new ProcessStartInfo(
                "soffice", ["--headless", $"-env:UserInstallation=file://{folder}/profile", "--infilter=CSV:44,34,76,1", "--convert-to",
                    "fods", "--outdir", folder, $"{folder}/file.csv"])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (said, faults) = (office.StandardOutput.ReadToEndAsync(), office.StandardError.ReadToEndAsync());
            await office.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
            if (!File.Exists($"{folder}/file.fods")) throw new InvalidDataException($"{await said}{await faults}");
            return [.. XDocument.Load($"{folder}/file.fods").Descendants(Table + "table-row").Select(Cells)];
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    static IReadOnlyList<Cell> Cells(XElement row)
    {
        var cells = row.Elements(Table + "table-cell").SelectMany(cell => Enumerable.Repeat(
            new Cell(string.Join('\n', cell.Elements(Text + "p").Select(p => p.Value)), cell.Attribute(Table + "formula") is not null),
            int.Parse(cell.Attribute(Table + "number-columns-repeated")?.Value ?? "1", CultureInfo.InvariantCulture))).ToList();
        while (cells is [.., { Value: "" }]) cells.RemoveAt(cells.Count - 1);
        return cells;
    }
}
