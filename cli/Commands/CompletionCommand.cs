using System.CommandLine;

namespace DirectoryPlatform.Cli.Commands;

/// <summary><c>directory completion SHELL</c>: the program itself knows what may follow, and each shell asks it.</summary>
static class CompletionCommand
{
    const string Bash = """
        _directory() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(directory "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _directory directory
        """;

    const string Zsh = """
        #compdef directory
        _directory() {
          local -a found
          found=("${(@f)$(directory "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          compadd -- $found
        }
        compdef _directory directory
        """;

    const string Fish = """
        complete -c directory -f -a '(directory "[suggest:"(string length (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Define()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print what makes a shell complete commands. Example: source <(directory completion bash)")
        {
            shell,
        };
        command.SetAction(parsed => Console.Out.WriteLine(parsed.GetValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish }));
        return command;
    }
}
