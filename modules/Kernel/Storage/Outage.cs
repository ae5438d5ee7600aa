namespace DirectoryPlatform.Kernel.Storage;

/// <summary>Says once that the database is away, by whoever meets it first, and once that it is back: every loop and every request would
/// say so otherwise, with where in the program it was met.</summary>
public sealed class Outage(ILogger<Outage> log)
{
    int _isOn;

    /// <returns>True where it failed because of that, and nothing more is to be said.</returns>
    public bool Explains(Exception failed)
    {
        if (!Database.IsAway(failed)) return false;
        if (Interlocked.Exchange(ref _isOn, 1) == 0) log.DatabaseIsAway($"{failed.GetType().Name}: {failed.Message}");
        return true;
    }

    /// <summary>For whoever asks it every few seconds, and was answered.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _isOn, 0) == 1) log.DatabaseIsBack();
    }
}
