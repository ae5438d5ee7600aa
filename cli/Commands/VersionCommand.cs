using System.CommandLine;
using System.Text.Json;
using DirectoryPlatform.Cli.Api;
using DirectoryPlatform.Cli.Shown;

namespace DirectoryPlatform.Cli.Commands;

/// <summary><c>directory version</c>: of this program and, where one is known, of the server.</summary>
static class VersionCommand
{
    public static Command Define()
    {
        var command = new Command("version", "Tell the version of this program and, where you are signed in, of the server");
        command.SetAction(async (parsed, ct) =>
        {
            var server = await OfServer(parsed.GetValue(AllCommands.Url), ct);
            var output = new Output(parsed.GetValue(AllCommands.Json));
            output.Done($"directory {ThisProgram.Version}{(server is null ? "" : $"\nserver {server}")}",
                new { directory = ThisProgram.Version, server });
            return Exit.Done;
        });
        return command;
    }

    /// <summary>From the API's own description, which needs no key.</summary>
    static async Task<string?> OfServer(string? url, CancellationToken ct)
    {
        try { url ??= Credentials.Read(null).Url; }
        catch (CommandFailedException) { return null; }
        using var api = new ApiClient(Credentials.AddressOf(url), null);
        return Plain.Find((await api.Get("/openapi.json", ct)).OrFail(), "info.version") is { ValueKind: JsonValueKind.String } version
            ? version.GetString() : null;
    }
}
