using Npgsql;
using Pipeline.Engine;

namespace Pipeline.Store;

/// <summary>Where the journal lies in PostgreSQL: <c>postgres://user@host:5432/database</c>, as its own programs write it.</summary>
/// <remarks>
/// The password comes from <c>PGPASSWORD</c> or <c>~/.pgpass</c>; one in the address is taken and never shown. What follows
/// a question mark is named as in libpq: <c>host</c> (a folder with a socket), <c>sslmode</c>, <c>sslrootcert</c>.
/// </remarks>
public sealed class PostgresAddress
{
    private const string Example = "postgres://user@host:5432/database";

    private readonly NpgsqlConnectionStringBuilder _settings;

    private PostgresAddress(NpgsqlConnectionStringBuilder settings) => _settings = settings;

    /// <summary>Reads an address.</summary>
    /// <exception cref="EngineException"><see cref="EngineErrors.JournalAddress"/>. The message does not repeat the text: it may hold a password.</exception>
    public static PostgresAddress Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
            throw Wrong("it does not begin with postgres:// or is not a URL");
        if (uri.AbsolutePath.Trim('/') is not { Length: > 0 } database) throw Wrong("it names no database");
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host is { Length: > 0 } host ? host : "localhost",
            Port = uri.IsDefaultPort || uri.Port < 0 ? NpgsqlConnection.DefaultPort : uri.Port,
            Database = Uri.UnescapeDataString(database),
        };
        var credentials = uri.UserInfo.Split(':', 2);
        if (credentials[0].Length > 0) settings.Username = Uri.UnescapeDataString(credentials[0]);
        if (credentials.Length > 1) settings.Password = Uri.UnescapeDataString(credentials[1]);
        foreach (var option in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)) Apply(option, settings);
        return new(settings);
    }

    /// <summary>The address as it may be shown, written down and given to <see cref="Parse"/> again: without the password.</summary>
    public override string ToString()
    {
        var user = _settings.Username is { } name ? $"{Uri.EscapeDataString(name)}@" : "";
        var socket = _settings.Host!.StartsWith('/');
        var query = new List<string>();
        if (socket) query.Add($"host={_settings.Host}");
        if (_settings.SslMode != SslMode.Prefer) query.Add($"sslmode={SslWord(_settings.SslMode)}");
        if (_settings.RootCertificate is { } certificate) query.Add($"sslrootcert={certificate}");
        return $"postgres://{user}{(socket ? "localhost" : _settings.Host)}:{_settings.Port}/{Uri.EscapeDataString(_settings.Database!)}"
            + (query.Count > 0 ? $"?{string.Join('&', query)}" : "");
    }

    internal string ConnectionString(string schema) => new NpgsqlConnectionStringBuilder(_settings.ConnectionString)
    {
        ApplicationName = "pipeline",
        SearchPath = schema,
        Timeout = 5,               // seconds to connect
        CommandTimeout = 15,       // seconds, also for what waits behind another's transaction
        TcpKeepAlive = true,
        MaxPoolSize = 10,
        MaxAutoPrepare = 40,       // there are not more statements than that
        WriteBufferSize = 1 << 17, // an append goes out in one piece: who is stopped in the middle of one holds nobody up
    }.ToString();

    private static void Apply(string option, NpgsqlConnectionStringBuilder settings)
    {
        var (name, value) = option.Split('=', 2) is [var left, var right] ? (left, Uri.UnescapeDataString(right)) : (option, "");
        switch (name)
        {
            case "host":
                settings.Host = value;
                break;
            case "sslmode" when Enum.GetValues<SslMode>().Cast<SslMode?>().FirstOrDefault(mode => SslWord(mode!.Value) == value) is { } found:
                settings.SslMode = found;
                break;
            case "sslrootcert":
                settings.RootCertificate = value;
                break;
            default:
                throw Wrong($"after the question mark it may say host, sslmode or sslrootcert, not '{name}' with such a value");
        }
    }

    // As libpq writes them: VerifyFull is verify-full.
    private static string SslWord(SslMode mode) => mode switch
    {
        SslMode.VerifyCA => "verify-ca",
        SslMode.VerifyFull => "verify-full",
        _ => mode.ToString().ToLowerInvariant(),
    };

    private static EngineException Wrong(string found) => new(
        EngineErrors.JournalAddress, $"The journal's address cannot be used: {found}. It looks like {Example}; the password belongs in PGPASSWORD or ~/.pgpass.");
}
