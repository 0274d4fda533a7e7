using Pipeline.Cli.Output;

namespace Pipeline.Cli.Tests.Output;

public sealed class PrintableTests
{
    [TestCase("plain text\n\twith tabs\n", "plain text\n\twith tabs\n", TestName = "Of_HarmlessText_StaysAsItIs")]
    [TestCase("\u001b[31mred\u001b[0m", "^[[31mred^[[0m", TestName = "Of_Colour_IsShownAndNotObeyed")]
    [TestCase("\u001b]0;title\u0007", "^[]0;title^G", TestName = "Of_WindowTitle_IsShownAndNotObeyed")]
    [TestCase("\u009b2J", "M-^[2J", TestName = "Of_EightBitEscape_IsShownAndNotObeyed")]
    [TestCase("good\b\b\b\bevil", "good^H^H^H^Hevil", TestName = "Of_Backspaces_DoNotOverwrite")]
    [TestCase("10%\r20%\r\n", "10%\n20%\n", TestName = "Of_ProgressBar_IsOneLineEachTime")]
    [TestCase("\u202eevil\u2066", "?evil?", TestName = "Of_WritingDirection_CannotBeTurned")]
    [TestCase("\u007f\0", "^?^@", TestName = "Of_DeleteAndNul_AreShown")]
    [TestCase("größe 漢字 🙂", "größe 漢字 🙂", TestName = "Of_OtherLanguages_StayAsTheyAre")]
    public void Of(string text, string expected) => Assert.That(Printable.Of(text), Is.EqualTo(expected));

    [Test]
    public void Line_SeveralLines_AreOne() => Assert.That(Printable.Line(" a\nb\tc\u001b\n"), Is.EqualTo("a b c^["));
}
