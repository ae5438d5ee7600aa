using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CsvHelper;
using DirectoryPlatform.Cli.Api;
using DirectoryPlatform.Cli.Shown;

namespace DirectoryPlatform.Cli.Commands;

/// <summary>People as they are named on a command line or in a file, and what is done to each of them.</summary>
sealed class Persons
{
    readonly Argument<string[]> _named = new("person")
    {
        Description = "Email addresses or account IDs",
        Arity = ArgumentArity.ZeroOrMore,
    };

    readonly Option<FileInfo?> _file = new("--from-file")
    {
        Description = "A file with a person a line, or a CSV file with a column Email; - reads the standard input",
        HelpName = "FILE",
    };

    readonly Option<bool> _ignore = new("--ignore-errors") { Description = "Go on after a person for whom it fails" };

    public Command On(Command command)
    {
        command.Add(_named);
        command.Add(_file);
        command.Add(_ignore);
        command.Validators.Add(given =>
        {
            if (given.GetValue(_named) is { Length: > 0 } == given.GetValue(_file) is not null)
                given.AddError("Name people, or give --from-file, and not both.");
        });
        return command;
    }

    public bool Ignores(ParseResult parsed) => parsed.GetValue(_ignore);

    /// <exception cref="CommandFailedException"/>
    public IReadOnlyList<string> Of(ParseResult parsed)
    {
        if (parsed.GetValue(_file) is not { } file) return parsed.GetValue(_named)!;
        var all = OfFile(file);
        return all.Count > 0 ? all : throw new CommandFailedException(Exit.Usage, $"{file} names nobody.");
    }

    /// <summary>For a command that takes a file alone.</summary>
    public static IReadOnlyList<string> OfFile(FileInfo file)
    {
        if (file.ToString() != "-" && !file.Exists) throw new CommandFailedException(Exit.Usage, $"There is no file {file}.");
        using var text = file.ToString() == "-" ? Console.In : file.OpenText();
        return Read(text);
    }

    /// <summary>The column whose head says so, or the first one; a file without such a head has none. A quotation mark that is not closed
    /// ends with its line, and a line that names nobody stops the command: nobody is left out without a word.</summary>
    /// <exception cref="CommandFailedException"/>
    public static IReadOnlyList<string> Read(TextReader text)
    {
        // Comma, semicolon or tab: whichever the file has.
        using var csv = CsvReader.Create(text, new CsvReaderOptions { HasHeader = false, AllowLineBreaksInQuotes = false });
        var (all, column) = (new List<string>(), 0);
        for (var isFirst = true; csv.Read(); isFirst = false)
        {
            var cells = Enumerable.Range(0, csv.FieldCount).Select(i => csv.GetString(i).Trim('\uFEFF', ' ')).ToArray();
            if (isFirst && Array.FindIndex(cells, IsHead) is >= 0 and var head) column = head;
            // A remark has the first cell alone, whichever column names people.
            else if (cells.All(cell => cell.Length == 0) || cells[column < cells.Length ? column : 0].StartsWith('#')) { }
            else if (column < cells.Length && cells[column] is { Length: > 0 } person) all.Add(WithoutMark(person));
            else throw new CommandFailedException(Exit.Usage, $"This line of the file names nobody: {string.Join(' ', cells)}");
        }
        return [.. all.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Without the apostrophe by which the product's own files keep a spreadsheet from reading a formula.</summary>
    static string WithoutMark(string person) => person is ['\'', '=' or '+' or '-' or '@', ..] ? person[1..] : person;

    static bool IsHead(string cell) =>
        cell.ToLowerInvariant() is "email" or "email address" or "account id" or "account_id";

    /// <summary>One after the other. Stops at the first for whom it fails, unless errors are to be ignored.</summary>
    /// <param name="deed">Of one person; null when it was done.</param>
    /// <param name="quiet">Only failures are told: something else is done with all of them.</param>
    public async Task<int> Each(Connected here, ParseResult parsed, string done, Func<string, Task<ApiRefusal?>> deed, bool quiet = false)
    {
        var (persons, ignores) = (Of(parsed), parsed.GetValue(_ignore));
        var (good, results, last) = (0, new List<object>(), (ApiRefusal?)null);
        foreach (var person in persons)
        {
            var refusal = await deed(person);
            results.Add(new { person, done = refusal is null, code = refusal?.Code, reason = refusal?.Sentence });
            if (refusal is null)
            {
                good++;
                if (!quiet) here.Output.Say($"{person}: {done}");
                continue;
            }
            last = refusal;
            Console.Error.WriteLine($"{Plain.Cell(person)}: {Plain.Cell(refusal.Sentence)}");
            // Whoever is not let in is not let in for the next one either.
            if (!ignores || refusal.ExitCode is Exit.NotSignedIn) break;
        }
        if (quiet) { }
        else if (here.Output.IsJson) Output.Json(results);
        else if (persons.Count > 1 || last is not null)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{good:N0} of {persons.Count:N0} {done}."));
        return last is null ? Exit.Done : good > 0 ? Exit.Partly : last.ExitCode;
    }

    /// <summary>The id of a managed account.</summary>
    public static Task<(string? Id, ApiRefusal? Refusal)> Managed(Connected here, string person, CancellationToken ct) =>
        Find(here, person, $"{here.V1}/users", "searchTerm", "account_id", ct);

    /// <summary>The id of somebody on the organization's sites, managed or not.</summary>
    public static async Task<(string? Id, ApiRefusal? Refusal)> User(Connected here, string person, CancellationToken ct)
    {
        if (Guid.TryParse(person, out var id)) return ($"{id}", null);
        var reply = await here.Api.Post($"{here.Directory}/users/search", new { emails = new[] { person } }, ct);
        if (reply.Refusal is { } refusal) return (null, refusal);
        return reply.OrFail().GetProperty("data").EnumerateArray().Select(row => Plain.Find(row, "accountId")?.GetString())
            .FirstOrDefault(found => found is not null) is { } account ? (account, null) : (null, Nobody(person));
    }

    static async Task<(string? Id, ApiRefusal? Refusal)> Find(Connected here, string person, string list, string term, string member,
        CancellationToken ct)
    {
        if (Guid.TryParse(person, out var id)) return ($"{id}", null);
        // A search for everything finds the first hundred of everybody.
        if (!person.Contains('@')) return (null, new(System.Net.HttpStatusCode.BadRequest, "notAPerson",
            $"{person} is neither an email address nor an account ID."));
        for (string? cursor = null; ;)
        {
            var reply = await here.Api.Get(Paths.With(list, (term, person), ("limit", "1000"), ("cursor", cursor)), ct);
            if (reply.Refusal is { } refusal) return (null, refusal);
            var page = reply.OrFail();
            foreach (var row in page.GetProperty("data").EnumerateArray())
                if (string.Equals(Plain.Cell(row, "email"), person.Trim(), StringComparison.OrdinalIgnoreCase))
                    return (row.GetProperty(member).GetString(), null);
            if ((cursor = ApiClient.NextOf(page)) is null) return (null, Nobody(person));
        }
    }

    static ApiRefusal Nobody(string person) =>
        new(System.Net.HttpStatusCode.NotFound, "nobody", $"There is nobody with the address {person}.");
}
