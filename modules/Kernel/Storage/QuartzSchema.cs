using Quartz;

namespace DirectoryPlatform.Kernel.Storage;

/// <summary>Quartz's own PostgreSQL tables, as its assembly carries them, placed into our schema.</summary>
static class QuartzSchema
{
    public const string TablePrefix = "kernel.qrtz_";

    public static string Sql()
    {
        using var script = typeof(IScheduler).Assembly.GetManifestResourceStream("Quartz.Impl.AdoJobStore.Schema.create_postgres.sql")
            ?? throw new InvalidOperationException("This version of Quartz no longer carries its PostgreSQL schema.");
        using var reader = new StreamReader(script);
        return reader.ReadToEnd().Replace("{0}", TablePrefix).Replace("{1}", "qrtz_").ReplaceLineEndings("\n");
    }
}
