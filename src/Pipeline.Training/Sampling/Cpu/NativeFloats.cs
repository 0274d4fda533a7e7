using System.Runtime.InteropServices;

namespace Pipeline.Training.Sampling.Cpu;

/// <summary>Floats outside the managed heap: aligned for vectors, in large pages where there are many of them.</summary>
internal sealed unsafe partial class NativeFloats : IDisposable
{
    private const nuint CacheLine = 64, LargePage = 2 << 20;
    private const int AdviseLargePages = 14; // MADV_HUGEPAGE

    public NativeFloats(long count)
    {
        Count = count;
        var bytes = (nuint)Math.Max(count, 1) * sizeof(float);
        Pointer = (float*)NativeMemory.AlignedAlloc(bytes, bytes >= LargePage ? LargePage : CacheLine);
        // Weights and cache are streamed through at every step; with pages of 4 KB the address translation is felt.
        if (bytes >= LargePage && OperatingSystem.IsLinux()) _ = Advise(Pointer, bytes / LargePage * LargePage, AdviseLargePages);
    }

    public float* Pointer { get; private set; }

    public long Count { get; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
