using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Pipeline.Server.Access;

/// <summary>
/// A server for more than this machine's own user. Without one of these it listens on loopback and asks for no token; there
/// is no way to say "another address, and no tokens".
/// </summary>
/// <param name="Tokens">The tokens, one of which every request must bear.</param>
public sealed record RemoteAccess(AccessTokens Tokens)
{
    /// <summary>Where to listen; loopback is right behind a proxy of this machine.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Names by which people call this machine, beside its own name and its addresses.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Every <c>Host</c> that is answered to: any other is a page of somebody else whose name was made to mean this machine.</summary>
    internal IReadOnlyList<string> AllowedHosts =>
        [.. Addresses().Select(Written), "localhost", Environment.MachineName, .. Hosts];

    /// <summary>What to call this machine in an address.</summary>
    internal string Name => IsEverywhere ? Environment.MachineName : Written(Address);

    private bool IsEverywhere => Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);

    private IEnumerable<IPAddress> Addresses() => IsEverywhere
        ? NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)
        : [Address];

    private static string Written(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : $"{address}";
}
