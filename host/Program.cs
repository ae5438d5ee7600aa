using DirectoryPlatform.Host.Commands;
using DirectoryPlatform.Host.EmbeddedPostgres;

// A helper process of the embedded database's own tests; not a command for people.
if (args is ["postgres-hold", ..]) return await HoldCommand.Run(args);
return await CommandLine.Run(args);
