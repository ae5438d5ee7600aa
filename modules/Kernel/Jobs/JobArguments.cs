namespace DirectoryPlatform.Kernel.Jobs;

/// <summary>What a job was asked for may name a person: when it needs that no more, whoever began it takes it out.</summary>
public static class JobArguments
{
    /// <summary>For the transaction in which the need ends.</summary>
    /// <param name="paths">Members of the arguments, each from the top.</param>
    public static IEnumerable<NpgsqlBatchCommand> Without(Guid[] jobs, IEnumerable<string[]> paths) => paths.Select(path =>
        new NpgsqlBatchCommand("update kernel.job set arguments = arguments #- $2 where id = any($1)")
        {
            Parameters =
            {
                new NpgsqlParameter<Guid[]> { TypedValue = jobs }, new NpgsqlParameter<string[]> { TypedValue = path },
            },
        });
}
