using System.CommandLine;
using System.CommandLine.Invocation;
using DirectoryPlatform.Cli.Commands;

using var ended = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    ended.Cancel();
};
try
{
    var parsed = AllCommands.Root().Parse(args);
    var exit = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, ended.Token);
    return parsed.Action is ParseErrorAction ? Exit.Usage : exit;
}
catch (CommandFailedException failed)
{
    Console.Error.WriteLine(DirectoryPlatform.Cli.Shown.Plain.Of(failed.Message));
    return failed.ExitCode;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Interrupted.");
    return Exit.Interrupted;
}
catch (Exception odd) when (odd is InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
{
    Console.Error.WriteLine("The server’s answers do not look like the DirectoryPlatform API. Is the address right?");
    return Exit.Unavailable;
}
// A pipe whose reader has gone, a file that cannot be read or written.
catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(DirectoryPlatform.Cli.Shown.Plain.Of(failed.Message));
    return Exit.Refused;
}
