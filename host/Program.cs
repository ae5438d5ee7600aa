using DirectoryPlatform.Host.EmbeddedPostgres;

if (args is ["postgres-hold", ..]) return await HoldCommand.Run(args);
return 0;
