using Pipeline.Server.Access;

namespace Pipeline.Server.Tests.Access;

public class AccessTokensTests
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"tokens-{Guid.NewGuid():N}");

    [TearDown]
    public void RemoveFile() => File.Delete(_file);

    [Test]
    public void Add_TwoRoles_KeepsHashesAloneAndKnowsThemAgain()
    {
        var (view, operate) = (AccessTokens.Add(_file, AccessRole.View), AccessTokens.Add(_file, AccessRole.Operate));
        var tokens = AccessTokens.Read(_file);
        Assert.Multiple(() =>
        {
            Assert.That((tokens.Find(view)?.Role, tokens.Find(operate)?.Role, tokens.Find(view[..63])?.Role), Is.EqualTo(((AccessRole?)AccessRole.View, (AccessRole?)AccessRole.Operate, (AccessRole?)null)));
            Assert.That(File.ReadAllText(_file), Does.Not.Contain(view).And.Not.Contain(operate));
            Assert.That(OperatingSystem.IsWindows() || File.GetUnixFileMode(_file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(view, Has.Length.EqualTo(64)); // 256 bits in hexadecimal
        });
    }

    [TestCase("# nobody\n", "holds no token")]
    [TestCase("operate secret\n", "Line 1")]
    [TestCase("\nadmin sha256:00\n", "Line 2")]
    public void Read_FileThatGivesNobodyAccess_SaysWhatToTry(string text, string found)
    {
        File.WriteAllText(_file, text);
        var error = Assert.Throws<ServerException>(() => AccessTokens.Read(_file))!;
        Assert.That((error.Code, error.Message), Is.EqualTo((ServerErrors.TokensInvalid, error.Message)));
        Assert.That(error.Message, Does.Contain(found).And.Contain("pipeline token").And.Not.Contain("secret"));
    }

    [Test]
    public void Find_KnowsHolders_AndCallsTheNamelessByTheirHash()
    {
        var (anna, nobody) = (AccessTokens.Add(_file, AccessRole.View, "anna"), AccessTokens.Add(_file, AccessRole.Operate));
        var tokens = AccessTokens.Read(_file);
        Assert.Multiple(() =>
        {
            Assert.That(tokens.Find(anna), Is.EqualTo(new AccessToken(AccessRole.View, "anna")));
            Assert.That(tokens.Find(nobody)!.Name, Does.Match("^token [0-9a-f]{8}$"));
            Assert.That(tokens.Find(anna + "x"), Is.Null);
        });
    }

    [TestCase("two words")]
    [TestCase("line\nbreak")]
    [TestCase("")]
    public void Add_NameThatWouldSpoilTheFile_IsRefused(string name)
    {
        Assert.That(Assert.Throws<ServerException>(() => AccessTokens.Add(_file, AccessRole.View, name))!.Code, Is.EqualTo(ServerErrors.TokensInvalid));
        Assert.That(File.Exists(_file), Is.False);
    }

    [Test]
    public void Of_TokenShortEnoughToGuess_IsRefused() =>
        Assert.That(Assert.Throws<ServerException>(() => AccessTokens.Of("hunter2"))!.Message, Does.Contain("7 characters").And.Not.Contain("hunter2"));
}
