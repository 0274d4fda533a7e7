namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>
/// What one rendering may do, so that a template, which comes with a model from anywhere, cannot hang a stage or fill its
/// memory.
/// </summary>
internal sealed class Budget
{
    /// <summary>A conversation of a thousand turns takes some hundred thousand under the longest of the known templates.</summary>
    private const long Steps = 4_000_000;

    private long _left = Steps;

    /// <summary>A statement or an expression.</summary>
    public void Step(Position at) => Spend(1, at);

    /// <summary>Something as long as <paramref name="length"/> characters or items is made.</summary>
    public void Make(long length, Position at) => Spend(length / 16, at);

    private void Spend(long steps, Position at)
    {
        _left -= steps;
        if (_left < 0) throw at.RenderError($"the template has taken {Steps:N0} steps for one conversation; it is stopped. Does it loop without end?");
    }
}
