using Pipeline.Executors.Local;

namespace Pipeline.Executors.Tests;

/// <summary>Lets this assembly stand in for the hidden <c>shim</c> verb of the command line.</summary>
internal static class ShimHost
{
    public static int Main(string[] arguments) => Shim.Run(arguments.Single());
}
