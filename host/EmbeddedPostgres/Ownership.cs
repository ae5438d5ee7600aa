namespace DirectoryPlatform.Host.EmbeddedPostgres;

/// <summary>
/// What an owner has to look after and to give back: the server, its socket's folder, the lock. A server that ends without being asked
/// (killed because memory ran out, stopped because the disk was full) is started again, as a service's supervisor does.
/// </summary>
internal sealed class Ownership(ServerFolder folder, FileStream held) : IAsyncDisposable
{
    /// <summary>Between two tries; a server that ran for so long begins with none (own choice).</summary>
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30), First = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource _letGo = new();
    Task _watch = Task.CompletedTask;
    bool _isDisposed;

    internal ServerFolder Folder => folder;
    internal Keeper? Keeper { get; set; }

    /// <summary>Puts another <see cref="Keeper"/> in its place and returns when the server answers. From the moment when it is given, the
    /// server is watched.</summary>
    internal Func<CancellationToken, Task> StartAgain { set => _watch = Watch(value); }

    async Task Watch(Func<CancellationToken, Task> startAgain)
    {
        var pause = TimeSpan.Zero;
        try
        {
            while (true)
            {
                var began = TimeProvider.System.GetTimestamp();
                await Keeper!.Ends(_letGo.Token);
                if (TimeProvider.System.GetElapsedTime(began) > Longest) pause = TimeSpan.Zero;
                Say($"PostgreSQL ended without being asked and is started again. {folder.Log} says why, unless it was killed.");
                while (true)
                {
                    await Task.Delay(pause, _letGo.Token);
                    pause = pause == TimeSpan.Zero ? First : 2 * pause < Longest ? 2 * pause : Longest;
                    Keeper?.Dispose();
                    Keeper = null;
                    try
                    {
                        await startAgain(_letGo.Token);
                        Say("PostgreSQL runs again.");
                        break;
                    }
                    catch (Exception cannot) when (!_letGo.IsCancellationRequested)
                    {
                        Say($"{cannot.Message}\nIt is tried again in {pause.TotalSeconds:0} s.");
                        if (Keeper is not null) await Keeper.Stop();
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_letGo.IsCancellationRequested) { }
    }

    /// <summary>Where nothing can be written, as on the full disk that ended the server, it is started again unheard.</summary>
    static void Say(string sentence)
    {
        try { Console.Error.WriteLine(sentence); }
        catch (IOException) { }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        await _letGo.CancelAsync();
        // Whatever became of it, the server is stopped and the folder given back.
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _letGo.Dispose();
        if (Keeper is not null)
        {
            await Keeper.Stop();
            Keeper.Dispose();
            Keeper = null;
            folder.Tidy();
        }
        await held.DisposeAsync();
    }
}
