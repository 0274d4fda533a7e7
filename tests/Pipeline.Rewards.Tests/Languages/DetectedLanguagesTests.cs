using Pipeline.Rewards.Languages;

namespace Pipeline.Rewards.Tests.Languages;

public class DetectedLanguagesTests
{
    private const string English = "Let me check this again because I made a mistake in the second step.";
    private const string Spanish = "Voy a comprobar esto otra vez porque cometí un error en el segundo paso.";
    private const string German = "Ich prüfe das noch einmal, weil ich im zweiten Schritt einen Fehler gemacht habe.";
    private const string French = "Je vérifie encore une fois parce que je me suis trompé à la deuxième étape.";
    private const string Portuguese = "Vou verificar isto outra vez porque cometi um erro no segundo passo da conta.";
    private const string Italian = "Controllo ancora una volta perché ho fatto un errore nel secondo passaggio.";
    private const string Russian = "Проверю ещё раз, потому что на втором шаге я ошибся.";
    private const string Ukrainian = "Перевірю ще раз, тому що на другому кроці я помилився, і результат неправильний.";
    private const string Chinese = "让我再检查一遍，因为我在第二步犯了一个错误。";

    private static readonly DetectedLanguages s_european = new(["en", "es", "de", "fr", "pt", "it", "ru", "uk", "zh"]);

    [TestCase("en", English)]
    [TestCase("es", Spanish)]
    [TestCase("de", German)]
    [TestCase("fr", French)]
    [TestCase("pt", Portuguese)]
    [TestCase("it", Italian)]
    [TestCase("ru", Russian)]
    [TestCase("uk", Ukrainian)]
    [TestCase("zh", Chinese)]
    public void Count_ASentence_IsWhollyOfItsLanguageAndForeignToAnyOther(string language, string text)
    {
        var own = s_european.Count(text, language);
        Assert.That((own.Own > 0, own.Foreign), Is.EqualTo((true, 0)));
        var other = s_european.Count(text, language == "en" ? "es" : "en");
        Assert.That((other.Own, other.Foreign > 0), Is.EqualTo((0, true)));
        Assert.That(s_european.Count(text, language), Is.EqualTo(own), "the same every time");
    }

    [Test]
    public void Count_SentencesOfTwoLanguages_AreToldApart()
    {
        // 14 English words, "I" and "a" among them no words but variables: 12. 14 Spanish ones without "a": 13.
        Assert.That(s_european.Count($"{English} {Spanish}", "en"), Is.EqualTo(new WordCount(12, 13)));
        Assert.That(s_european.Count($"{Spanish}\n\n{English}", "es"), Is.EqualTo(new WordCount(13, 12)));
    }

    [TestCase("so we get 因此 and that is it", 7, 2, Description = "each letter of a script without spaces is a word")]
    [TestCase("the ответ is wrong", 3, 1)]
    [TestCase("the angle $\\alpha + \\text{fläche}$ is \\frac{x}{y} of α", 4, 0, Description = "formulas and single letters are of no language")]
    [TestCase("<think>2 + 3 = 5</think>", 0, 0)]
    public void Count_AnotherScript_IsForeignHoweverShort(string text, int own, int foreign) =>
        Assert.That(new DetectedLanguages(["en", "zh", "ru"]).Count(text, "en"), Is.EqualTo(new WordCount(own, foreign))); // only English is written in Latin letters

    [TestCase("这是一个很短的句子 ok", 9, 1)]
    [TestCase("好", 1, 0)]
    public void Count_ChineseWanted_CountsItsLetters(string text, int own, int foreign) =>
        Assert.That(new DetectedLanguages(["en", "zh"]).Count(text, "zh"), Is.EqualTo(new WordCount(own, foreign)));

    [Test]
    public void Count_TooShortForStatistics_IsOfNoLanguageUnlessAListKnowsIt()
    {
        Assert.That(s_european.Count("Espera, son cinco.", "en"), Is.EqualTo(new WordCount(0, 0)));
        var listed = new DetectedLanguages(["en", "es"], new WordLists(new Dictionary<string, IReadOnlyList<string>> { ["en"] = ["wait"], ["es"] = ["espera", "son"] }));
        Assert.That(listed.Count("Espera, son cinco.", "en"), Is.EqualTo(new WordCount(0, 2)));
        Assert.That(listed.Count(Spanish, "en").Foreign, Is.EqualTo(13), "what is long is detected, in the lists or not");
    }

    [Test]
    public void Count_ShortSentences_AreHeardTogether() =>
        Assert.That(s_european.Count("Wait. That is wrong. The sum must be larger. So we add ten.", "en"), Is.EqualTo(new WordCount(13, 0)));

    [Test]
    public void Languages_ThatNobodyKnows_AreNamed()
    {
        Assert.That(() => new DetectedLanguages(["en", "qq"]), Throws.TypeOf<RewardException>().With.Message.Contains("'qq'"));
        Assert.That(() => s_european.Count(English, "ja"), Throws.TypeOf<RewardException>().With.Message.Contains("'ja'").And.Message.Contains("en, es"));
        Assert.That(ILanguageTeller.Of(null, null), Is.Null);
    }
}
