using System.Text;

namespace Pipeline.Spec.Expressions;

/// <summary>
/// Text of a resolved pipeline that still holds <c>${{ job.file }}</c>, <c>${{ run.id }}</c> or <c>${{ secrets.NAME }}</c>.
/// </summary>
public static class LateText
{
    /// <summary>The text with its references filled in.</summary>
    /// <param name="text">An item of <see cref="Resolved.ResolvedStage.Command"/>, or <see cref="Resolved.Notification.Webhook"/>.</param>
    /// <param name="value">The value of a reference such as <c>job.file</c>; null if there is none.</param>
    /// <exception cref="KeyNotFoundException">A reference has no value.</exception>
    public static string Fill(string text, Func<string, string?> value)
    {
        var filled = new StringBuilder();
        foreach (var piece in ExpressionText.Split(text) ?? [new TextPiece(text, IsExpression: false)])
            filled.Append(piece.IsExpression ? Value(piece.Text.Trim()) : piece.Text);
        return filled.ToString();

        string Value(string name) => value(name) ?? throw new KeyNotFoundException($"There is no value for {name}.");
    }
}
