namespace DirectoryPlatform.Host.EmbeddedPostgres;

/// <summary>
/// <c>postgres-hold DIR</c>: starts the embedded server, prints its connection string and holds it until standard input ends. It is not in
/// the help: tests kill it to prove what becomes of the server, and whoever wants to look into the data with psql may use it.
/// </summary>
public static class HoldCommand
{
    /// <returns>The process's exit code: 0 when held and let go, 1 when the server cannot run here, 2 for wrong arguments.</returns>
    public static async Task<int> Run(string[] args)
    {
        if (args is not ["postgres-hold", var folder])
        {
            await Console.Error.WriteLineAsync("postgres-hold takes one argument: the data folder.");
            return 2;
        }
        try
        {
            await using var server = await EmbeddedPostgres.Start(new(folder), new());
            Console.WriteLine(server.ConnectionString);
            while (await Console.In.ReadLineAsync() is not null) { }
            return 0;
        }
        catch (EmbeddedPostgresException cannot)
        {
            await Console.Error.WriteLineAsync(cannot.Message);
            return 1;
        }
    }
}
