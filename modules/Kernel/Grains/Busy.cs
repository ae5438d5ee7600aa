namespace DirectoryPlatform.Kernel.Grains;

/// <summary>So many commands wait for one account or domain that one more would only wait in vain; nobody else's waits for them.</summary>
public sealed record Busy(int Seconds)
    : Refusal("busy", $"This is being changed by too many requests at the moment. Nothing was done. Try again in "
        + $"{Waits.InWords(Seconds)}."),
        IRetryLater;
