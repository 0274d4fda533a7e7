using Pipeline.Server.Access;

namespace Pipeline.Server.Tests.Browsers;

/// <summary>Signing in and out, in a real browser.</summary>
public class SignInPageTests
{
    [Test]
    public async Task Page_OfAServerWithTokens_AsksOnceLeadsBackAndForgetsOnSigningOut()
    {
        using var browser = Browser.Start();
        var file = Path.Combine(Path.GetTempPath(), $"tokens-{Guid.NewGuid():N}");
        var token = AccessTokens.Add(file, AccessRole.View);
        await using var server = await DashboardServer.Start(Served.State.Folder, Served.State.Store, port: 0, remote: new RemoteAccess(AccessTokens.Read(file)));
        File.Delete(file);

        browser.Open(new Uri(server.Address, "runs/latest"));
        browser.Until("location.pathname === '/sign-in' && document.querySelector('#token') !== null");
        Give("wrong");
        browser.Until("document.querySelector('.notice.bad') !== null");
        Give(token);
        browser.Until("location.pathname === '/runs/latest' && document.querySelector('.connection')?.textContent === 'live'"); // the stream bears the cookie
        Assert.That(browser.Ask<string>("document.cookie + location.href"), Does.Not.Contain(token));

        browser.Open(new Uri(server.Address, "system"));
        browser.Until("document.querySelector('[data-key=sign-out]') !== null");
        browser.Do("document.querySelector('[data-key=sign-out]').click()");
        browser.Until("location.pathname === '/sign-in'");
        browser.Open(new Uri(server.Address, ""));
        browser.Until("location.pathname === '/sign-in'");

        void Give(string word) => browser.Do($"document.querySelector('#token').value = '{word}'; document.querySelector('form').requestSubmit()");
    }
}
