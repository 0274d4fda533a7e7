using Npgsql;
using Pipeline.Engine;

namespace Pipeline.Store.Tests;

public class PostgresAddressTests
{
    [TestCase("postgres://ann@db.example:6000/runs", "db.example", 6000, "ann", "runs")]
    [TestCase("postgresql://db/runs", "db", 5432, null, "runs")]
    [TestCase("postgres://ann%40home@localhost/my%20runs?host=/run/postgresql", "/run/postgresql", 5432, "ann@home", "my runs")]
    public void Parse_OfAnAddress_GivesItsParts(string text, string host, int port, string? user, string database)
    {
        var settings = new NpgsqlConnectionStringBuilder(PostgresAddress.Parse(text).ConnectionString("s"));
        Assert.That((settings.Host, settings.Port, settings.Username, settings.Database), Is.EqualTo((host, port, user, database)));
    }

    [TestCase("postgres://ann:secret@db/runs?sslmode=verify-full&sslrootcert=/ca.pem", "postgres://ann@db:5432/runs?sslmode=verify-full&sslrootcert=/ca.pem")]
    [TestCase("postgres://localhost/runs?host=/run/postgresql", "postgres://localhost:5432/runs?host=/run/postgresql")]
    public void ToString_LeavesOutThePassword_AndCanBeParsedAgain(string text, string shown)
    {
        var address = PostgresAddress.Parse(text);
        Assert.That(address.ToString(), Is.EqualTo(shown));
        Assert.That(PostgresAddress.Parse(shown).ToString(), Is.EqualTo(shown));
    }

    [TestCase("mysql://ann:secret@db/runs")]
    [TestCase("Host=db;Password=secret")]
    [TestCase("postgres://ann:secret@db/")]
    [TestCase("postgres://ann:secret@db/runs?sslmode=perhaps")]
    [TestCase("postgres://ann:secret@db/runs?password=secret")]
    public void Parse_OfAnythingElse_IsRefusedWithoutRepeatingIt(string text)
    {
        var error = Assert.Throws<EngineException>(() => PostgresAddress.Parse(text))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.JournalAddress));
        Assert.That(error.ToString(), Does.Not.Contain("secret"));
    }
}
