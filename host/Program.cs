using DirectoryPlatform.Accounts;
using DirectoryPlatform.Host.Commands;
using DirectoryPlatform.Host.EmbeddedPostgres;

// Decodes one picture; first of all, since it is started for each upload.
if (args is [PictureProgram.Word, ..]) return PictureProgram.Run(args);
// A helper process of the embedded database's own tests; not a command for people.
if (args is ["postgres-hold", ..]) return await HoldCommand.Run(args);
return await CommandLine.Run(args);
