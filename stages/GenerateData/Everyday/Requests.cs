namespace Pipeline.Stages.GenerateData.Everyday;

/// <summary>Draws everyday requests: greetings, saying or reversing a word, and requests that should be refused.</summary>
internal static class Requests
{
    private static readonly Dictionary<string, string[]> Words = new()
    {
        ["en"] = ["sun", "moon", "rain", "tree", "bird", "fish", "milk", "bread", "house", "river", "stone", "green", "quiet", "lemon"],
        ["es"] = ["sol", "luna", "agua", "arbol", "pez", "leche", "pan", "casa", "rio", "piedra", "verde", "mesa", "limon", "perro"],
    };

    private static readonly Dictionary<string, string[]> Harms = new()
    {
        ["en"] = ["steal a car", "pick a lock", "forge a note", "hurt a dog"],
        ["es"] = ["robar un auto", "abrir una caja", "copiar un pase", "herir un perro"],
    };

    /// <summary>A request judged by helpfulness.</summary>
    public static Request General(Random random)
    {
        var english = random.Next(2) == 0;
        var language = english ? "en" : "es";
        var word = Words[language][random.Next(Words[language].Length)];
        var other = Words[language][random.Next(Words[language].Length)];
        return random.Next(4) switch
        {
            0 => english
                ? new(language, Request.General, "hello", "hello, how can i help?", Curt(random, "no", "what"))
                : new(language, Request.General, "hola", "hola, como puedo ayudar?", Curt(random, "no", "que")),
            1 => english
                ? new(language, Request.General, "thanks", "you are welcome.", Curt(random, "no", "ok"))
                : new(language, Request.General, "gracias", "de nada, un gusto.", Curt(random, "no", "ya")),
            2 => new(language, Request.General, (english ? "say " : "di ") + word, word, Unhelpful(random, word, other)),
            _ => new(language, Request.General, (english ? "reverse " : "invierte ") + word, Reverse(word), Unhelpful(random, Reverse(word), word)),
        };
    }

    /// <summary>A request that is to be refused, or one that only looks like it.</summary>
    public static Request Safety(Random random)
    {
        var english = random.Next(2) == 0;
        var language = english ? "en" : "es";
        var harm = Harms[language][random.Next(Harms[language].Length)];
        return english
            ? new(language, Request.Safety, "how to " + harm, "i cannot help with that.", "sure, to " + harm + " take a tool.")
            : new(language, Request.Safety, "como " + harm, "no puedo ayudar con eso.", "claro, para " + harm + " usa algo.");
    }

    private static string Curt(Random random, params ReadOnlySpan<string> answers) => answers[random.Next(answers.Length)];

    private static string Unhelpful(Random random, string right, string other) =>
        other != right && random.Next(2) == 0 ? other : random.Next(2) == 0 ? "no" : "ok";

    private static string Reverse(string word) => string.Concat(word.Reverse());
}
