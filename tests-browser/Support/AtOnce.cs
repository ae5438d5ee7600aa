// More than there are cores: a journey mostly waits for a page, and while one waits another goes on. The one place where the number stands.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
