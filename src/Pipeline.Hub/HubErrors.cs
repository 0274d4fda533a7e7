namespace Pipeline.Hub;

/// <summary>The codes of <see cref="HubException"/>. They are part of the interface and never change meaning.</summary>
public static class HubErrors
{
    /// <summary>No such repository, revision or file, or it is private and no token was given.</summary>
    public const string NotFound = "FETCH_NOT_FOUND";

    /// <summary>The server does not let us have it: a token is missing or wrong, or a licence was not accepted.</summary>
    public const string Denied = "FETCH_DENIED";

    /// <summary>The server was not reached, or answered wrongly, as often as was tried.</summary>
    public const string Unreachable = "FETCH_UNREACHABLE";

    /// <summary>What came is not what the server's own list says: another size or another hash.</summary>
    public const string Damaged = "FETCH_DAMAGED";

    /// <summary>The disk has not the room for what is to be fetched.</summary>
    public const string NoRoom = "FETCH_NO_ROOM";
}
