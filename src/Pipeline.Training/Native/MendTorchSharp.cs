// Compiled by MSBuild while it builds (see Torch.targets), not into the library.
using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Copies a file of TorchSharp's package with a few bytes changed; see README.md in this folder.</summary>
public abstract class MendedCopy : Task
{
    [Required] public string Source { get; set; }
    [Required] public string Destination { get; set; }

    public override bool Execute()
    {
        var image = File.ReadAllBytes(Source);
        Mend(image);
        if (Log.HasLoggedErrors) return false;
        if (File.Exists(Destination) && File.ReadAllBytes(Destination).SequenceEqual(image)) return true;

        // The destination may be hard-linked into an output folder or be read by a second build: replace, never write into it.
        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        var partial = Destination + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(partial, image);
        if (File.Exists(Destination)) File.Delete(Destination);
        try { File.Move(partial, Destination); }
        catch (IOException) when (File.Exists(Destination)) { File.Delete(partial); } // a second build was faster
        return true;
    }

    protected abstract void Mend(byte[] image);
}

/// <summary>
/// Marks a .NET assembly as one whose methods the JIT compiler must not optimize, which keeps every argument of a method
/// alive until the method returns.
/// </summary>
/// <remarks>
/// TorchSharp's methods pass the handle of a temporary Scalar to native code and do not mention the Scalar after that.
/// Optimized code may then let the garbage collector finalize it, which frees the number while native code reads it.
/// The bits are DebuggingModes.DisableOptimizations (0x100), which the runtime heeds beside DebuggingModes.Default (1)
/// only, in the argument of the assembly's DebuggableAttribute. How an attribute is encoded (length 8, prolog 1, a 32-bit
/// value, no named arguments) is in ECMA-335, II.23.3.
/// </remarks>
public class DisableOptimizations : MendedCopy
{
    private static readonly byte[] Released = { 8, 1, 0, 2, 0, 0, 0, 0, 0 };

    protected override void Mend(byte[] image)
    {
        var places = Enumerable.Range(0, image.Length - Released.Length)
            .Where(at => image[at] == Released[0] && image.Skip(at).Take(Released.Length).SequenceEqual(Released)).ToArray();
        if (places.Length == 1)
            (image[places[0] + 3], image[places[0] + 4]) = (3, 1);
        else
            Log.LogError($"{Source} has {places.Length} DebuggableAttribute(2), not one: is this another TorchSharp? "
                + "See src/Pipeline.Training/Native/README.md for what has to be mended, and whether it still has.");
    }
}

/// <summary>
/// Marks one required symbol version of an ELF library weak, so that the dynamic loader warns about its absence at most,
/// and loads the library all the same.
/// </summary>
/// <remarks>
/// TorchSharp's native library is built with GCC 13 and asks libstdc++ for GLIBCXX_3.4.32 because of a single
/// undefined symbol, std::ios_base_library_init, to which no relocation refers. Debian 12 has 3.4.30. Setting
/// VER_FLG_WEAK on that entry of .gnu.version_r is all it takes; where libstdc++ is newer it changes nothing.
/// The layout is from the System V ABI and the LSB, "Symbol Versioning".
/// </remarks>
public class WeakenSymbolVersion : MendedCopy
{
    private const ushort WeakFlag = 2;          // VER_FLG_WEAK
    private const uint VersionNeeds = 0x6ffffffe; // SHT_GNU_verneed

    [Required] public string Version { get; set; }

    /// <summary>Sets the weak flag on every need for <see cref="Version"/>; leaves any other file as it is.</summary>
    protected override void Mend(byte[] image)
    {
        if (image.Length < 64 || image[0] != 0x7f || image[1] != 'E' || image[4] != 2) return; // 64-bit ELF
        var sections = (int)BitConverter.ToUInt64(image, 0x28);
        int sectionSize = BitConverter.ToUInt16(image, 0x3A), sectionCount = BitConverter.ToUInt16(image, 0x3C);
        for (var i = 0; i < sectionCount; i++)
        {
            var header = sections + i * sectionSize;
            if (BitConverter.ToUInt32(image, header + 4) != VersionNeeds) continue;
            var strings = sections + (int)BitConverter.ToUInt32(image, header + 40) * sectionSize;
            WeakenIn(image, (int)BitConverter.ToUInt64(image, header + 24), (int)BitConverter.ToUInt64(image, strings + 24));
        }
    }

    private void WeakenIn(byte[] image, int need, int strings)
    {
        while (true)
        {
            var entry = need + (int)BitConverter.ToUInt32(image, need + 8);
            while (true)
            {
                if (Name(image, strings + (int)BitConverter.ToUInt32(image, entry + 8)) == Version)
                    image[entry + 4] |= (byte)WeakFlag;
                var nextEntry = (int)BitConverter.ToUInt32(image, entry + 12);
                if (nextEntry == 0) break;
                entry += nextEntry;
            }
            var next = (int)BitConverter.ToUInt32(image, need + 12);
            if (next == 0) return;
            need += next;
        }
    }

    private static string Name(byte[] image, int start) =>
        Encoding.ASCII.GetString(image, start, Array.IndexOf(image, (byte)0, start) - start);
}
