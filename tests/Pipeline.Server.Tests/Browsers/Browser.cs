using System.Globalization;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using OpenQA.Selenium.Support.UI;

namespace Pipeline.Server.Tests.Browsers;

/// <summary>Debian's Chromium without a window, with an empty profile of its own.</summary>
internal sealed class Browser : IDisposable
{
    private const string Program = "/usr/bin/chromium";
    private const string Driver = "/usr/bin/chromedriver";

    private readonly string _profile = Path.Combine(Path.GetTempPath(), $"pipeline-browser-{Guid.NewGuid():N}");
    private readonly ChromeDriver _driver;

    public Browser()
    {
        var options = new ChromeOptions { BinaryLocation = Program };
        options.AddArguments(
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--hide-scrollbars", $"--user-data-dir={_profile}");
        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        var service = ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(Driver), Path.GetFileName(Driver));
        service.SuppressInitialDiagnosticInformation = true;
        service.HideCommandPromptWindow = true;
        _driver = new ChromeDriver(service, options);
        _driver.Manage().Timeouts().AsynchronousJavaScript = TimeSpan.FromMinutes(2);
    }

    /// <summary>Why there is no browser here; null if there is one.</summary>
    public static string? Missing => new[] { Program, Driver }.FirstOrDefault(file => !File.Exists(file)) is { } file
        ? $"{file} is not installed: apt-get install chromium chromium-driver"
        : null;

    /// <summary>A browser for a fixture. Where there is none its tests are skipped, except on CI.</summary>
    public static Browser Start()
    {
        if (Missing is { } missing && Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        else if (Missing is { } absent) Assert.Ignore(absent);
        return new Browser();
    }

    /// <summary>Opens a page in a window of that size.</summary>
    public void Open(Uri page, int width = 1280, int height = 900, bool dark = false)
    {
        _driver.ExecuteCdpCommand("Emulation.setDeviceMetricsOverride", new()
        {
            ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600,
        });
        _driver.ExecuteCdpCommand("Emulation.setEmulatedMedia", new()
        {
            ["features"] = new object[] { new Dictionary<string, object> { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" } },
        });
        _driver.Navigate().GoToUrl(page);
    }

    /// <summary>Waits until the page holds what <paramref name="script"/> asks for; fails after 20 s with what the page holds.</summary>
    public void Until(string script)
    {
        try
        {
            new WebDriverWait(_driver, TimeSpan.FromSeconds(20)).Until(_ => Ask<bool>(script));
        }
        catch (WebDriverTimeoutException)
        {
            Assert.Fail($"never true: {script}\n{string.Join('\n', Complaints)}\n{Ask<string>("document.body.innerText")}");
        }
    }

    /// <summary>The value of an expression in the page.</summary>
    public T Ask<T>(string script) => As<T>(_driver.ExecuteScript($"return {script};"));

    /// <summary>What a script in the page hands to its last argument, a function, when it is done.</summary>
    public T AskLater<T>(string script) => As<T>(_driver.ExecuteAsyncScript(script));

    // A number without a fraction comes as an integer.
    private static T As<T>(object? value) => value is IConvertible ? (T)Convert.ChangeType(value, typeof(T), CultureInfo.InvariantCulture) : (T)value!;

    /// <summary>Bytes of script objects in the page, after a collection.</summary>
    public long Heap()
    {
        _driver.ExecuteCdpCommand("HeapProfiler.collectGarbage", []);
        return Convert.ToInt64(((Dictionary<string, object?>)_driver.ExecuteCdpCommand("Runtime.getHeapUsage", [])!)["usedSize"], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Does something in the page.</summary>
    public void Do(string script) => _driver.ExecuteScript(script);

    /// <summary>What the browser complained of since the last question: errors of scripts, refused loads, policy violations.</summary>
    public IReadOnlyList<string> Complaints =>
        [.. _driver.Manage().Logs.GetLog(LogType.Browser).Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Message)];

    /// <summary>Photographs the page, also what is below the window: all of it, or a slice.</summary>
    public void Photograph(string file, long top = 0, long? slice = null)
    {
        var height = slice ?? Ask<long>("document.documentElement.scrollHeight");
        var width = Ask<long>("innerWidth");
        var shot = (Dictionary<string, object?>)_driver.ExecuteCdpCommand("Page.captureScreenshot", new()
        {
            ["captureBeyondViewport"] = true,
            ["clip"] = new Dictionary<string, object> { ["x"] = 0, ["y"] = top, ["width"] = width, ["height"] = height, ["scale"] = 1 },
        })!;
        File.WriteAllBytes(file, Convert.FromBase64String((string)shot["data"]!));
    }

    public void Dispose()
    {
        _driver.Quit();
        _driver.Dispose();
        if (Directory.Exists(_profile)) Directory.Delete(_profile, recursive: true);
    }
}
