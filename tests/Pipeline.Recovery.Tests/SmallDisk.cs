using System.Diagnostics;

namespace Pipeline.Recovery.Tests;

/// <summary>A file system of its own, in memory, that can be filled up and made read-only. It takes root to mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Megabytes = 256;

    private string Ballast => Path.Combine(Folder, "ballast");

    public SmallDisk()
    {
        Folder = Directory.CreateTempSubdirectory("recovery-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m", "tmpfs", Folder)) return;
        Directory.Delete(Folder);
        Assert.Ignore("A small file system cannot be mounted here: that takes root.");
    }

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    /// <summary>Takes all room but so many bytes.</summary>
    public void Fill(long leave = 0)
    {
        using var file = new FileStream(Ballast, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
        var block = new byte[4096];
        try
        {
            for (var free = new DriveInfo(Folder).AvailableFreeSpace - leave; free > 0; free -= block.Length) file.Write(block);
        }
        catch (IOException) { } // those who work there took the last of it
    }

    /// <summary>Gives the room back.</summary>
    public void Clear() => File.Delete(Ballast);

    /// <summary>Refuses every write from now on, also to files that are open. False where somebody has one open for writing.</summary>
    public bool TryForbidWrites() => Run("mount", "-o", "remount,ro", Folder);

    /// <summary>Allows writes again.</summary>
    public void AllowWrites() => Run("mount", "-o", "remount,rw", Folder);

    public void Dispose()
    {
        Run("umount", "-l", Folder);
        Directory.Delete(Folder, recursive: true);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
