using Xunit.Sdk;
using Xunit.v3;

// These tests wait far more than they compute: transmission alone looks only every ten seconds at whom it serves.
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 10)]
