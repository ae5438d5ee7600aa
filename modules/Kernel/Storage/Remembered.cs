namespace DirectoryPlatform.Kernel.Storage;

/// <summary>What the installation remembers about itself between starts.</summary>
public sealed class Remembered(NpgsqlDataSource database)
{
    public Task<string?> Read(string name) => database.Value<string?>(
        "select value from kernel.setting where name = @name", new { name }, CancellationToken.None);

    /// <summary>In place of what was written before.</summary>
    public Task Write(string name, string value) => database.Write(
        "insert into kernel.setting (name, value) values (@name, @value) on conflict (name) do update set value = excluded.value",
        new { name, value }, CancellationToken.None);

    /// <returns>False when another value, or another node's same value, was there first.</returns>
    public async Task<bool> WriteOnce(string name, string value)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteAsync("insert into kernel.setting (name, value) values (@name, @value) on conflict do nothing",
            new { name, value }) == 1;
    }
}
