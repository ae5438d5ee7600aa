using System.CommandLine;
using System.Text.Json;
using DirectoryPlatform.Cli.Api;
using DirectoryPlatform.Cli.Shown;

namespace DirectoryPlatform.Cli.Commands;

/// <summary>What a command has that asks the server: the organization that the key belongs to, and how to print.</summary>
sealed class Connected(ApiClient api, Output output, JsonElement organization) : IDisposable
{
    public ApiClient Api => api;
    public Output Output => output;
    public string Id { get; } = $"{organization.GetProperty("id").GetGuid()}";
    public JsonElement Organization => organization;
    public string V1 => $"/admin/v1/orgs/{Id}";
    public string Directory => $"/admin/v2/orgs/{Id}/directories/-";

    /// <exception cref="CommandFailedException"/>
    public static async Task<Connected> Open(ParseResult parsed, CancellationToken ct)
    {
        var credentials = Credentials.Read(parsed.GetValue(AllCommands.Url));
        var api = new ApiClient(Credentials.AddressOf(credentials.Url), credentials.Key);
        try
        {
            var organizations = (await api.Get("/admin/v1/orgs", ct)).OrFail();
            return new(api, new(parsed.GetValue(AllCommands.Json)), organizations.GetProperty("data")[0]);
        }
        catch
        {
            api.Dispose();
            throw;
        }
    }

    public void Dispose() => api.Dispose();
}

/// <summary>How commands are put together.</summary>
static class Making
{
    public static Command With(this Command command, Func<Connected, ParseResult, CancellationToken, Task<int>> work)
    {
        command.SetAction(async (parsed, ct) =>
        {
            using var here = await Connected.Open(parsed, ct);
            return await work(here, parsed, ct);
        });
        return command;
    }

    public static Command With(this Command command, Func<Connected, ParseResult, CancellationToken, Task> work) =>
        command.With(async (here, parsed, ct) =>
        {
            await work(here, parsed, ct);
            return Exit.Done;
        });

    public static Argument<string> Text(string name, string description) => new(name) { Description = description };

    public static Option<string?> Choice(string name, string description, string? help = null) =>
        new(name) { Description = description, HelpName = help };

    /// <summary>How many rows of a list.</summary>
    public static Option<int?> Limit(int? usual = null)
    {
        var limit = new Option<int?>("--limit")
        {
            Description = usual is null ? "At most so many; all without it" : $"At most so many; {usual} without it",
            HelpName = "N",
            DefaultValueFactory = _ => usual,
        };
        limit.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int?>() is < 1) given.AddError("--limit is a number from 1 on.");
        });
        return limit;
    }

    public static Option<bool> Yes() => new("--yes") { Description = "Skip the confirmation" };

    /// <summary>For what cannot simply be done again the other way.</summary>
    /// <exception cref="CommandFailedException"/>
    public static void Confirm(bool yes, string question)
    {
        if (yes) return;
        if (Console.IsInputRedirected)
            throw new CommandFailedException(Exit.Usage, $"{question} Cannot ask for confirmation here; add --yes.");
        Console.Error.Write($"{Plain.Of(question)} Type yes: ");
        if (Console.ReadLine()?.Trim() != "yes") throw new CommandFailedException(Exit.Refused, "Nothing was done.");
    }
}
