using System.CommandLine;
using System.Net;
using System.Text;
using System.Text.Json;
using DirectoryPlatform.Cli.Api;
using DirectoryPlatform.Cli.Shown;

namespace DirectoryPlatform.Cli.Commands;

/// <summary><c>directory sign-in</c>: by a code that an admin confirms in the browser (SPEC P9), or with a key that is there already.
/// </summary>
static class SignInCommands
{
    static readonly string[] Usual =
        ["accounts:manage", "domains:manage", "users:manage", "policies:manage", "jobs:manage", "audit:read"];

    public static Command SignIn()
    {
        var url = Making.Text("url", "Address of the installation, such as https://directory.acme.example");
        var scopes = new Option<string[]>("--scopes")
        {
            Description = $"What the key may be used for; an admin chooses from these. {string.Join(' ', Usual)} without it",
            HelpName = "SCOPE",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => Usual,
        };
        var key = new Option<bool>("--with-key")
        {
            Description = "Read an API key from the standard input instead of asking in the browser",
        };
        var command = new Command("sign-in", "Sign in. Example: directory sign-in https://directory.acme.example --scopes accounts:read "
            + "jobs:read") { url, scopes, key };
        command.SetAction(async (parsed, ct) =>
        {
            var address = Credentials.AddressOf(parsed.GetValue(url)!);
            var output = new Output(parsed.GetValue(AllCommands.Json));
            var credentials = parsed.GetValue(key) ? await WithKey(address, ct) : await ByCode(address, parsed.GetValue(scopes)!, ct);
            credentials.Keep();
            output.Done($"You are signed in to {credentials.Organization} at {address}"
                + (credentials.ExpiresAt is { } end ? $", until {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC." : "."),
                new { url = address, organization = credentials.Organization, credentials.ExpiresAt });
            return Exit.Done;
        });
        return command;
    }

    static async Task<Credentials> WithKey(Uri address, CancellationToken ct)
    {
        var key = (Console.IsInputRedirected ? await Console.In.ReadLineAsync(ct) : await Unseen("API key: ", ct))?.Trim();
        if (string.IsNullOrEmpty(key)) throw new CommandFailedException(Exit.Usage, "There is no key on the standard input.");
        using var api = new ApiClient(address, key);
        var organization = (await api.Get("/admin/v1/orgs", ct)).OrFail().GetProperty("data")[0];
        return new($"{address}", key, Plain.Cell(organization, "attributes.name"), null);
    }

    /// <summary>What is typed on a terminal and not shown there.</summary>
    static async Task<string> Unseen(string question, CancellationToken ct)
    {
        Console.Error.Write(question);
        var typed = new StringBuilder();
        while (true)
        {
            // Apart, since an interrupt does not end the reading.
            var pressed = await Task.Run(() => Console.ReadKey(intercept: true), ct).WaitAsync(ct);
            if (pressed.Key is ConsoleKey.Enter || pressed.KeyChar is '\r' or '\n') break;
            if (pressed.Key is not ConsoleKey.Backspace)
            {
                if (!char.IsControl(pressed.KeyChar)) typed.Append(pressed.KeyChar);
            }
            else if (typed.Length > 0) typed.Length--;
        }
        Console.Error.WriteLine();
        return typed.ToString();
    }

    static async Task<Credentials> ByCode(Uri address, string[] scopes, CancellationToken ct)
    {
        using var api = new ApiClient(address, null);
        var asked = (await api.Post("/api/device-code",
            new { program = $"directory {ThisProgram.Version.Split('+')[0]} on {Environment.MachineName}", scopes }, ct)).OrFail();
        // Where to go is ours to know, too: an answer that names another place is not followed.
        var there = new Uri(address, new Uri(asked.GetProperty("verificationUri").GetString()!, UriKind.Absolute).AbsolutePath);
        Console.Error.WriteLine($"""
            Open {there} in a browser where you are signed in as an admin, and enter this code:

                {Plain.Cell(asked.GetProperty("userCode").GetString())}

            Enter it only if you started this yourself. It is good for {asked.GetProperty("expiresIn").GetInt32() / 60} minutes. Waiting …
            """);
        var (secret, pause) = (asked.GetProperty("deviceCode").GetString()!, asked.GetProperty("interval").GetInt32());
        var lost = false;
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(pause), ct);
            var reply = await api.Post("/api/device-key", new { deviceCode = secret }, ct);
            lost |= reply.Lost;
            if (reply.Refusal is { Code: "authorizationPending" })
            {
                lost = false; // none was made until now
                continue;
            }
            if (reply.Refusal is { Status: HttpStatusCode.BadRequest, Code: "slowDown" })
            {
                pause += 5; // RFC 8628, 3.5
                continue;
            }
            if (lost && reply.Refusal is { Code: "expiredToken" or ApiClient.Unreachable } refusal)
                throw new CommandFailedException(refusal.ExitCode, "The connection broke while the key was fetched, so a key may have been "
                    + "made that did not arrive. Revoke it under Security > API keys in the browser, then sign in again.");
            var key = reply.OrFail();
            return new($"{address}", key.GetProperty("key").GetString()!, Plain.Cell(key, "organization.name"),
                key.GetProperty("expiresAt").GetDateTimeOffset());
        }
    }

    public static Command SignOut()
    {
        var command = new Command("sign-out", "Forget the key on this machine. The key itself ends when it expires or an admin revokes it");
        command.SetAction(parsed =>
        {
            var there = Credentials.Forget();
            new Output(parsed.GetValue(AllCommands.Json)).Done(there ? "The key is forgotten." : "You were not signed in.",
                new { forgotten = there });
        });
        return command;
    }

    public static Command WhoAmI() => new Command("whoami", "Tell which organization the key belongs to")
        .With((here, _, _) =>
        {
            here.Output.One(here.Organization);
            return Task.CompletedTask;
        });
}
