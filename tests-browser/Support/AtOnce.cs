// As many as there are cores: pages are drawn by them, and what waits for a page too long fails. The one place where the number stands.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
