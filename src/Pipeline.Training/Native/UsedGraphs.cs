namespace Pipeline.Training.Native;

/// <summary>
/// Frees what steps of the autograd graph in C# have saved and nobody can reach any more. TorchSharp 0.107 leaves that to the
/// garbage collector, which has no reason to look for it: to it, gigabytes of tensors are a few small objects.
/// </summary>
internal static class UsedGraphs
{
    /// <summary>To be called where memory is about to be taken. Looks at young objects only, which takes a fraction of a millisecond.</summary>
    public static void Free()
    {
        GC.Collect(1, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
    }
}
