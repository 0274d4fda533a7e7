namespace Pipeline.Server.Http;

/// <summary>A page: one skeleton for all, filled by the module and the style sheet of its name.</summary>
/// <param name="Pattern">Its address.</param>
/// <param name="Name">Name of its module and of its style sheet.</param>
/// <param name="Title">What the tab says until the module knows better.</param>
/// <param name="Charts">Whether it draws charts, and so needs a megabyte of script more.</param>
internal sealed record Page(string Pattern, string Name, string Title, bool Charts = false)
{
    /// <summary>All pages.</summary>
    public static IReadOnlyList<Page> All { get; } =
    [
        new("/", "runs", "Runs"),
        new("/runs/{run}", "run", "Run", Charts: true),
        new("/runs/{run}/stages/{instance}", "stage", "Stage", Charts: true),
        new("/runs/{run}/artifacts", "artifacts", "Artifacts"),
        new("/runs/{run}/stages/{instance}/outputs/{output}", "artifact", "Artifact"),
        new("/runs/{run}/stages/{instance}/rollouts", "rollouts", "Rollouts"),
        new("/new", "submit", "New run"),
        new("/system", "system", "System"),
        new("/compare", "compare", "Compare", Charts: true),
        new("/rollouts", "rollout-file", "Rollouts of a file"),
        new(Access.AccessGate.SignIn, "sign-in", "Sign in"),
    ];

    /// <summary>The page as a document.</summary>
    /// <param name="skeleton">The skeleton.</param>
    public string Fill(string skeleton) => skeleton
        .Replace("{title}", Title)
        .Replace("{name}", Name)
        .Replace("  {charts}\n", Charts ? "  <script src=\"/js/echarts.js\" defer></script>\n" : "");
}
