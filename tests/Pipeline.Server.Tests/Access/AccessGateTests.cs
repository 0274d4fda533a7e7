using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Server.Access;
using Pipeline.Server.Tests.Control;
using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Access;

/// <summary>A server that asks for tokens, and who tries to get past them.</summary>
public class AccessGateTests
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"tokens-{Guid.NewGuid():N}");
    private RecordedControl _control = null!;
    private string _view = null!, _operate = null!;
    private DashboardServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _control = new RecordedControl();
        (_view, _operate) = (AccessTokens.Add(_file, AccessRole.View), AccessTokens.Add(_file, AccessRole.Operate, "anna"));
        _server = await DashboardServer.Start(Served.State.Folder, Served.State.Store, port: 0, _control, new RemoteAccess(AccessTokens.Read(_file)) { Hosts = ["lab.example"] });
    }

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        File.Delete(_file);
    }

    [TestCase("api/v1/runs")]
    [TestCase("api/v1/runs/latest/stream")]
    [TestCase("api/v1/session/../runs")]
    [TestCase("api/v1//runs")]
    [TestCase("API/V1/runs")]
    [TestCase("metrics")]
    [TestCase("openapi/v1.json")]
    [TestCase("api/v1/runs?token=TOKEN")]
    [TestCase("api/v1/runs?access_token=TOKEN")]
    public async Task Get_WithoutToken_IsRefusedWhateverThePath(string path)
    {
        using var answer = await Get(path.Replace("TOKEN", _operate), token: null);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("healthz")]
    [TestCase("js/sign-in.js")]
    [TestCase("sign-in")]
    public async Task Get_WhatAllTheWorldMaySee_NeedsNoToken(string path)
    {
        using var answer = await Get(path, token: null);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Page_InABrowserWithoutCookie_LeadsToTheFormAndBack()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "runs/latest?a=b");
        request.Headers.Accept.Add(new("text/html"));
        using var answer = await Client().SendAsync(request);
        Assert.That((answer.StatusCode, $"{answer.Headers.Location}"), Is.EqualTo((HttpStatusCode.Redirect, "/sign-in?next=%2Fruns%2Flatest%3Fa%3Db")));
    }

    [Test]
    public async Task Token_ThatMayLook_LooksAndChangesNothing()
    {
        using var looked = await Get("api/v1/runs", _view);
        using var cancelled = await Post($"api/v1/runs/{SampleState.Live}/cancel", new { }, _view);
        Assert.Multiple(() =>
        {
            Assert.That((looked.StatusCode, cancelled.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Forbidden)));
            Assert.That(_control.Asked, Is.Empty);
        });
    }

    [Test]
    public async Task Token_ThatMayOperate_Operates()
    {
        using var cancelled = await Post($"api/v1/runs/{SampleState.Live}/cancel", new { }, _operate);
        Assert.That(_control.Asked, Is.EqualTo(new[] { $"cancel {SampleState.Live} by anna" }));
    }

    [Test]
    public async Task Approval_IsGivenInTheNameOfTheToken()
    {
        using var approved = await Post($"api/v1/runs/{SampleState.Live}/stages/r1_zero/approval", new { approved = true }, _operate);
        Assert.That(_control.Asked, Is.EqualTo(new[] { $"approve {SampleState.Live} r1_zero by anna" }));
    }

    [Test]
    public async Task SignIn_InABrowser_SetsACookieThatNoScriptReadsAndNoOtherSiteSends()
    {
        using var answer = await Post("api/v1/session", new { token = _view }, token: null);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.That(cookie, Does.StartWith($"pipeline-token={_view};").And.Contain("samesite=strict").And.Contain("httponly"));

        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/runs") { Headers = { { "Cookie", cookie.Split(';')[0] } } };
        using var looked = await Client().SendAsync(request);
        Assert.That(looked.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task SignIn_FromAnotherSite_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/session") { Content = JsonContent.Create(new { token = _view }), Headers = { { "Origin", "http://evil.example" } } };
        using var answer = await Client().SendAsync(request);
        Assert.That((answer.StatusCode, answer.Headers.Contains("Set-Cookie")), Is.EqualTo((HttpStatusCode.Forbidden, false)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task WrongTokens_TenOfThem_SilenceEvenTheRightOne(bool inTheForm)
    {
        for (var guess = 0; guess < 10; guess++)
        {
            using var wrong = inTheForm ? await Post("api/v1/session", new { token = $"{guess}" }, token: null) : await Get("api/v1/runs", $"{guess}");
            Assert.That(wrong.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), $"guess {guess}");
        }
        using var right = await Get("api/v1/runs", _operate);
        Assert.That((right.StatusCode, right.Headers.RetryAfter?.Delta), Is.EqualTo((HttpStatusCode.TooManyRequests, (TimeSpan?)TimeSpan.FromMinutes(1))));
    }

    [TestCase("lab.example", HttpStatusCode.OK)]
    [TestCase("evil.example", HttpStatusCode.BadRequest)]
    public async Task Host_OfTheNamesGiven_IsAnswered(string host, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "healthz") { Headers = { Host = host } };
        using var answer = await Client().SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task Body_LargerThanAnyPipelineFile_IsNotRead()
    {
        // Eight megabytes are allowed; this says that it has nine, and the answer comes before they do.
        using var socket = await Connect();
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_operate}\r\nContent-Type: application/json\r\nContent-Length: {9 << 20}\r\n\r\n"));
        Assert.That(await FirstLine(socket), Does.Contain(" 413 "));
    }

    [Test]
    public async Task Clients_ThatNeverFinishTheirRequest_KeepNobodyOut()
    {
        var slow = new List<Socket>();
        for (var i = 0; i < 200; i++)
        {
            slow.Add(await Connect());
            await slow[^1].SendAsync("GET /api/v1/runs HTTP/1.1\r\nHost: local"u8.ToArray());
        }
        using var answer = await Get("api/v1/runs", _view);
        slow.ForEach(socket => socket.Dispose());
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task System_SaysWhatTheTokenAllows()
    {
        using var answer = await Get("api/v1/system", _view);
        Assert.That((string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["role"]!, Is.EqualTo("view"));
    }

    private HttpClient Client() => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = _server.Address };

    private async Task<HttpResponseMessage> Get(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = Bearer(token) } };
        using var client = Client();
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<HttpResponseMessage> Post(string path, object body, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body), Headers = { Authorization = Bearer(token) } };
        using var client = Client();
        return await client.SendAsync(request);
    }

    private static AuthenticationHeaderValue? Bearer(string? token) => token is null ? null : new("Bearer", token);

    private async Task<Socket> Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _server.Address.Port);
        return socket;
    }

    private static async Task<string> FirstLine(Socket socket)
    {
        var bytes = new byte[256];
        return Encoding.ASCII.GetString(bytes, 0, await socket.ReceiveAsync(bytes)).Split('\r')[0];
    }
}
