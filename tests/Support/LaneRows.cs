using System.Diagnostics;
using Dapper;
using Npgsql;

namespace DirectoryPlatform.Tests.Support;

/// <summary>What stands in a lane's database: how it is made as it was, and how it is seen that somebody still works in it.</summary>
/// <remarks>Rows are deleted with triggers off, which measured 12 to 15 times cheaper than a new database.</remarks>
sealed class LaneRows : IAsyncDisposable
{
    /// <summary>Rows that belong to the lane, not to a test: what is migrated, and the keys that its nodes hold in memory.</summary>
    static readonly string[] Kept = ["kernel.migration", "kernel.data_protection_key"];

    /// <summary>How long work that was under way may take to end by itself.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>What the schema is, in words: tens of milliseconds to ask,
    /// so asked only where <see cref="Touched"/> says that somebody has touched it.</summary>
    const string Rules = """
        select md5(string_agg(line, ' ' order by line)) from (
          select concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull, attisdropped) as line
          from pg_attribute join pg_class c on c.oid = attrelid where c.relnamespace > 16383 and attnum > 0
          union all select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
            where connamespace > 16383
          union all select concat_ws(' ', tgrelid::regclass, tgname, tgenabled) from pg_trigger
          union all select indexrelid::regclass::text from pg_index where indexrelid > 16383
          union all select concat_ws(' ', oid::regprocedure, md5(prosrc)) from pg_proc where oid > 16383) rule
        """;

    /// <summary>Which transactions wrote the schema's rows; also other after a change that was taken back.</summary>
    const string Touched = """
        select concat_ws(' ', (select sum(xmin::text::bigint) from pg_attribute), (select count(*)
          from pg_attribute), (select sum(xmin::text::bigint) from pg_constraint),
          (select sum(xmin::text::bigint) from pg_trigger), (select sum(xmin::text::bigint) from pg_index), (select sum(xmin::text::bigint)
            from pg_proc where oid > 16383))
        """;

    readonly NpgsqlDataSource _database;
    readonly string _clean, _look, _rules;
    string _touched;

    LaneRows(NpgsqlDataSource database, string clean, string look, string rules, string touched) =>
        (_database, _clean, _look, _rules, _touched) = (database, clean, look, rules, touched);

    /// <summary>Of a database that no test has had yet.</summary>
    public static async Task<LaneRows> Of(string connectionString)
    {
        var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            // The same for every test, a statement for each table: planned once.
            MaxPoolSize = 2,
            ApplicationName = "lane",
            MaxAutoPrepare = 400,
            AutoPrepareMinUsages = 2,
        });
        await using var connection = await database.OpenConnectionAsync();
        var tables = (await connection.QueryAsync<string>("""
            select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not c.relispartition and n.oid > 16383 order by 1
            """)).Except(Kept).ToList();
        var filled = new List<string>();
        foreach (var table in tables)
            if (await connection.ExecuteScalarAsync<bool>($"select exists (select from {table})")) filled.Add(table);
        await connection.ExecuteAsync("create schema lane");
        var restore = new List<string>();
        foreach (var table in filled)
        {
            var copy = $"lane.t{restore.Count}";
            var columns = await connection.ExecuteScalarAsync<string>(
                "select string_agg(quote_ident(attname), ', ') from pg_attribute where attrelid = @table::regclass and attnum > 0 and not "
                    + "attisdropped and attgenerated = ''", new { table });
            await connection.ExecuteAsync($"create table {copy} as select {columns} from {table}");
            restore.Add($"insert into {table} ({columns}) overriding system value select {columns} from {copy}");
        }
        var sequences = await connection.QueryAsync<string>(
            "select format('select setval(%L, %s, false)', format('%I.%I', schemaname, sequencename), start_value) from pg_sequences");
        // One transaction: whoever looks meanwhile sees all of it or nothing.
        var clean = $"begin; set local session_replication_role = replica; "
            + $"{string.Join("; ", tables.Select(t => $"delete from {t}").Concat(restore).Concat(sequences))}; commit";
        var look = string.Join(" union all ", tables.Except(filled).Select(t => $"select '{t}' where exists (select from {t})"));
        return new(database, clean, look, (await connection.ExecuteScalarAsync<string>(Rules))!,
            (await connection.ExecuteScalarAsync<string>(Touched))!);
    }

    /// <summary>Tables that hold rows and held none.</summary>
    public async Task<IReadOnlyList<string>> Dirty()
    {
        await using var connection = await _database.OpenConnectionAsync();
        return (await connection.QueryAsync<string>(_look)).AsList();
    }

    /// <summary>Commands, transactions and session locks of others, after a while of grace;
    /// and rules of the schema that are not as they were.</summary>
    public async Task<IReadOnlyList<string>> StillGoingOn()
    {
        await using var connection = await _database.OpenConnectionAsync();
        List<string> work;
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            work = (await connection.QueryAsync<string>("""
                select state || ': ' || left(query, 200) from pg_stat_activity where datname = current_database()
                  and pid <> pg_backend_pid() and state <> 'idle' and backend_type = 'client backend'
                union all select 'an advisory lock' from pg_locks where locktype = 'advisory' and database = (select oid from pg_database
                  where datname = current_database())
                """)).AsList();
            if (work.Count == 0 || watch.Elapsed > Grace) break;
        }
        var touched = (await connection.ExecuteScalarAsync<string>(Touched))!;
        if (touched != _touched && await connection.ExecuteScalarAsync<string>(Rules) != _rules) work.Add("a changed schema");
        _touched = touched;
        return work;
    }

    /// <returns>How large the database is, in bytes, and how many connections the nodes' pools keep to it.</returns>
    public async Task<(long Bytes, long Connections)> Clean()
    {
        await using var connection = await _database.OpenConnectionAsync();
        await connection.ExecuteAsync(_clean);
        return await connection.QuerySingleAsync<(long, long)>("""
            select coalesce(sum(pg_relation_size(oid)), 0)::bigint, (select count(*) from pg_stat_activity
              where datname = current_database() and application_name = 'directory-platform')
            from pg_class where relnamespace > 16383 and relkind in ('r', 'i', 't')
            """);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
