using System.CommandLine;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Hosting;

namespace Pipeline.Cli.Places;

/// <summary><c>--server</c> and <c>--state</c> of a command: where its runs are.</summary>
internal sealed class RunPlaces
{
    private readonly Option<string> _state = SharedOptions.State();
    private readonly Option<Uri?> _server = SharedOptions.Server();

    public RunPlaces(Command command)
    {
        command.Options.Add(_state);
        command.Options.Add(_server);
    }

    /// <summary>The server that is named; null if none is, and the state folder counts.</summary>
    public ServerPlace? Server(ParseResult parsed) =>
        parsed.GetValue(_server) is { } server ? new ServerPlace(server, Environment.GetEnvironmentVariable(SharedOptions.TokenVariable)) : null;

    /// <summary>The path of the state folder.</summary>
    public string State(ParseResult parsed) => Path.GetFullPath(parsed.GetValue(_state)!);

    /// <summary>The server that is named, else the state folder, which must be there.</summary>
    public IRunPlace Open(ParseResult parsed) => (IRunPlace?)Server(parsed) ?? new FolderPlace(Workspace.OpenExisting(State(parsed)));
}
