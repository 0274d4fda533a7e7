using Pipeline.Stages.Tests.Harness;

namespace Pipeline.Stages.Tests;

/// <summary>Data and a base model that all tests share: so small that all of it is made in seconds.</summary>
[SetUpFixture]
internal sealed class Miniature
{
    /// <summary>Two layers of width 32: 30,000 weights.</summary>
    public const string Shape = """{ "hidden": 32, "layers": 2, "heads": 2, "kv_heads": 1, "intermediate": 64, "max_positions": 128 }""";

    private static TestFolder? s_folder;

    public static string Data(string output) => s_folder!.Of("data", "attempt-1", "outputs", output);

    public static string Base => s_folder!.Of("base", "attempt-1", "outputs", "model");

    [OneTimeSetUp]
    public void Make()
    {
        s_folder = new TestFolder();
        Attempt.Of(s_folder.Of("data"), "generate_data", """
            { "min_terms": 2, "max_terms": 3, "held_out": 0.3, "corpus_rows": 400, "prompt_rows": 60, "evaluation_rows": 12,
              "cold_start_rows": 48, "general_rows": 40, "preference_rows": 300 }
            """).MustSucceed();
        Attempt.Of(s_folder.Of("base"), "pretrain", $$"""
            { "shape": {{Shape}}, "steps": 60, "batch_size": 16, "sequence_length": 64, "learning_rate": 0.01 }
            """, ("dataset", Data("corpus")), ("tokenizer", Data("tokenizer"))).MustSucceed();
    }

    [OneTimeTearDown]
    public void Remove() => s_folder?.Dispose();
}
