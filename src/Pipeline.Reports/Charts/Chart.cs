namespace Pipeline.Reports.Charts;

/// <summary>A drawing for a page.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Caption">How to read it.</param>
/// <param name="Height">Its height where it is 440 wide.</param>
/// <param name="Svg">
/// An <c>svg</c> element that fills the width it is given. Its colours are the variables <c>--text</c>, <c>--muted</c>,
/// <c>--line</c> and <c>--chart-1</c> to <c>--chart-5</c> of the page.
/// </param>
public sealed record Chart(string Title, string Caption, int Height, string Svg);
