using System.Text.Encodings.Web;
using System.Text.Json;

namespace DirectoryPlatform.Cli.Shown;

/// <summary>What a command prints: tables for people, or with <c>--json</c> what the API said, for programs.</summary>
sealed class Output(bool isJson)
{
    /// <summary>Wider ones are not cut in JSON, and the id beside them names the row (own choice).</summary>
    const int Widest = 60;

    /// <summary>As compact as a line, and characters as they are; control characters stay escaped.</summary>
    static readonly JsonSerializerOptions Compact =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool IsJson => isJson;

    public static void Json(object value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, Compact));

    /// <summary>For people alone.</summary>
    public void Say(string sentence)
    {
        if (!isJson) Console.Out.WriteLine(Plain.Of(sentence));
    }

    /// <summary>What was done: a sentence, or a value.</summary>
    public void Done(string sentence, object value)
    {
        if (isJson) Json(value);
        else Say(sentence);
    }

    /// <summary>A list; with <c>--json</c> one array, or with <paramref name="lines"/> a value a line, as it comes.</summary>
    public async Task List(IAsyncEnumerable<JsonElement> rows, (string Head, string Path)[] columns, bool lines = false)
    {
        if (!isJson)
        {
            var table = new List<string[]>();
            await foreach (var row in rows) table.Add([.. columns.Select(c => Short(Plain.Cell(row, c.Path)))]);
            Print([.. columns.Select(c => c.Head)], table);
            return;
        }
        if (!lines) Console.Out.Write('[');
        var first = true;
        await foreach (var row in rows)
        {
            Console.Out.Write(lines ? "" : first ? "\n" : ",\n");
            Console.Out.Write(JsonSerializer.Serialize(row, Compact));
            if (lines) Console.Out.WriteLine();
            first = false;
        }
        if (!lines) Console.Out.WriteLine(first ? "]" : "\n]");
    }

    static string Short(string cell) => cell.Length <= Widest ? cell : $"{cell[..(Widest - 1)]}…";

    public static void Print(string[] heads, IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0)
        {
            Console.Error.WriteLine("None.");
            return;
        }
        var widths = heads.Select((h, i) => rows.Max(r => Math.Max(h.Length, r[i].Length))).ToArray();
        foreach (var row in rows.Prepend(heads))
            Console.Out.WriteLine(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }

    /// <summary>One thing with all that is known of it.</summary>
    public void One(JsonElement thing)
    {
        if (isJson)
        {
            Json(thing);
            return;
        }
        var lines = Plain.Lines(thing).ToList();
        var width = lines.Count == 0 ? 0 : lines.Max(l => l.Name.Length);
        foreach (var (name, value) in lines) Console.Out.WriteLine($"{name.PadRight(width)}  {value}");
    }
}
