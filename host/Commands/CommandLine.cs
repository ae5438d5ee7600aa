using System.CommandLine;
using System.CommandLine.Invocation;
using DirectoryPlatform.Host.EmbeddedPostgres;
using DirectoryPlatform.Host.Startup;
using Npgsql;

namespace DirectoryPlatform.Host.Commands;

/// <summary>What stands behind <c>./run</c> (SPEC R1, R5).</summary>
static class CommandLine
{
    static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "Folder of the embedded database and of files",
        DefaultValueFactory = _ => new(".data"),
        Recursive = true,
    };

    /// <summary>As a shell says it of SIGTERM.</summary>
    const int EndedBySignal = 143;

    /// <summary>After a signal: longer than the product needs with the longest drain, which ends by itself.</summary>
    static readonly TimeSpan MostToEnd = TimeSpan.FromMinutes(15);

    /// <summary>All commands with their options.</summary>
    internal static RootCommand Define()
    {
        var urls = new Option<string>("--urls")
        {
            Description = "Addresses to listen on, separated by semicolons",
            DefaultValueFactory = _ => "http://localhost:5080"
        };
        var demo = new Option<bool>("--demo")
        {
            Description = "Demo organizations, a built-in DNS zone and a mailbox; the default on an empty embedded database"
        };
        var noDemo = new Option<bool>("--no-demo") { Description = "Begin with a one-time setup code instead" };
        var demoOpen = new Option<bool>("--demo-open")
        {
            Description = "Let a demo listen beyond loopback: anyone who reaches it can sign in as anyone and read all of its emails"
        };
        var root = new RootCommand("DirectoryPlatform: an organization's control over the accounts on its email domains.")
        {
            urls, Data, demo, noDemo, demoOpen
        };
        root.Validators.Add(r =>
        {
            if (r.GetValue(demo) && r.GetValue(noDemo)) r.AddError("--demo and --no-demo exclude each other.");
            if (r.GetValue(demoOpen) && r.GetValue(noDemo)) r.AddError("--demo-open and --no-demo exclude each other: it opens a demo.");
        });
        root.SetAction((parsed, ct) =>
            Serve.Run(parsed.GetValue(Data)!, parsed.GetValue(urls)!, parsed.GetValue(demo) ? true : parsed.GetValue(noDemo) ? false : null,
                parsed.GetValue(demoOpen), ct));
        root.Options.OfType<VersionOption>().Single().Action = new TellVersion();
        root.Add(Migrate());
        root.Add(SeedCommand.Define(Data));
        root.Add(ImportCommand.Define(Data));
        root.Add(VerifyAuditCommand.Define(Data));
        root.Add(BackupCommands.DefineBackup(Data));
        root.Add(BackupCommands.DefineRestore(Data));
        root.Add(KeysCommand.Define());
        return root;
    }

    public static async Task<int> Run(string[] args)
    {
        try
        {
            return await Define().Parse(args).InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                // By itself it ends the process two seconds after a signal, in the middle of what is in flight.
                ProcessTerminationTimeout = MostToEnd,
            });
        }
        catch (OperationCanceledException) { return EndedBySignal; } // before it had begun, or in the middle of a command
        catch (Exception stopped)
        {
            // What is left to the system looks like a crash, after which ./run starts again.
            Console.Error.WriteLine(
                stopped is EmbeddedPostgresException or NpgsqlException or InvalidOperationException or IOException
                    or UnauthorizedAccessException ? stopped.Message : $"{stopped}");
            return 1;
        }
    }

    /// <summary><c>--version</c> (SPEC R12).</summary>
    sealed class TellVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            Console.WriteLine(ProductVersion.Words);
            return 0;
        }
    }

    static System.CommandLine.Command Migrate()
    {
        var command = new System.CommandLine.Command("migrate", "Bring the database up to date and stop.");
        command.SetAction(async (parsed, ct) =>
        {
            await using var installation = await Installation.Open(Configuration(), parsed.GetValue(Data)!, ct);
            Console.WriteLine("The database is up to date.");
            return 0;
        });
        return command;
    }

    /// <summary>Settings as in docs/settings.md: appsettings.json where there is one, then environment variables.</summary>
    public static IConfiguration Configuration() =>
        new ConfigurationBuilder().AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().Build();
}
