namespace DirectoryPlatform.Kernel.Outcomes;

/// <summary>A refusal that ends by itself: the answer says after how many seconds (429 or 503 with Retry-After).</summary>
public interface IRetryLater
{
    int Seconds { get; }
}
