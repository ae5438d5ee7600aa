using System.CommandLine;

namespace DirectoryPlatform.Host.Commands;

/// <summary><c>keys</c>: the file whose keys seal the secrets in the database (SPEC S14). Needs no database.</summary>
static class KeysCommand
{
    public static Command Define()
    {
        var file = new Argument<FileInfo>("file") { Description = "The key file, as Keys__File names it" };
        const string about = "Write a new key into the file, above those there. It seals from the next start on; those below still open.";
        var fresh = new Command("new", about) { file };
        fresh.SetAction(p =>
        {
            var target = p.GetValue(file)!;
            var (key, began) = (new KeyFile(target.FullName), !target.Exists);
            var keys = key.AddFirst(TimeProvider.System.GetUtcNow());
            var now = began ? "was made" : $"has {keys.Ids.Count} keys";
            Console.WriteLine($"{target.FullName} {now}; {keys.First} seals from the next start on.");
            Console.WriteLine(began
                ? "Keep a copy apart from the backups of the database: without it they do not open, and beside them it protects nothing."
                : "Give the file to every node, then start them one after another. docs/keys.md says when the older keys may go.");
            foreach (var warning in key.Warnings(null)) Console.WriteLine(warning);
            return 0;
        });
        var list = new Command("list", "Tell which keys are in the file, the one that seals first; the keys themselves are not shown.")
        {
            file,
        };
        list.SetAction(p =>
        {
            var key = new KeyFile(p.GetValue(file)!.FullName);
            foreach (var id in key.Keys.Ids) Console.WriteLine(id == key.Keys.First ? $"{id}  seals" : $"{id}  opens");
            foreach (var warning in key.Warnings(null)) Console.WriteLine(warning);
            return 0;
        });
        return new("keys", "The key file that seals the secrets in the database.") { fresh, list };
    }
}
