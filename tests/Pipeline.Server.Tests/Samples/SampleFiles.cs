using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Server.Tests.Samples;

/// <summary>What stages leave in their folders, with numbers of the size that the quickstart has.</summary>
internal static class SampleFiles
{
    // pass@1, its half interval, format, mixing, repetition, mean length, reflection: as measured on the miniature.
    private static readonly Dictionary<string, double[]> Models = new()
    {
        ["base"] = [0.241, 0.031, 0.812, 0.214, 0.061, 34.2, 0.112],
        ["R1-Zero"] = [0.702, 0.038, 0.983, 0.271, 0.043, 37.9, 0.196],
        ["Dev1"] = [0.438, 0.036, 0.978, 0.058, 0.012, 33.1, 0.091],
        ["Dev2"] = [0.801, 0.033, 0.996, 0.014, 0.008, 35.6, 0.134],
        ["Dev3"] = [0.742, 0.036, 0.994, 0.011, 0.007, 35.0, 0.122],
        ["R1"] = [0.836, 0.030, 0.998, 0.006, 0.005, 34.4, 0.127],
        ["student 1/2"] = [0.604, 0.037, 0.987, 0.013, 0.009, 34.8, 0.118],
        ["student 1/4"] = [0.391, 0.036, 0.961, 0.021, 0.015, 34.1, 0.104],
    };

    /// <summary>What a model may write, and a page must not run.</summary>
    public const string Attack = "<img src=x onerror=alert(1)><script>alert(1)</script>";

    /// <summary>Seconds and tokens of a stage.</summary>
    public static (double Seconds, long Tokens) Work(ResolvedStage stage) => stage.Uses switch
    {
        "generate_data" => (2.1, 0),
        "pretrain" => (62.4, 3_072_000),
        "grpo" => (78.9, 941_207),
        "evaluation" => (6.3, 141_903),
        _ => (11.7, 402_118),
    };

    /// <summary>Steps of a stage that has steps.</summary>
    public static int Steps(ResolvedStage stage) => stage.Uses switch
    {
        "pretrain" => 500,
        "grpo" => (int)stage.Options["steps"]!,
        "sft" or "distillation" or "reward_model" => 120,
        _ => 0,
    };

    /// <summary>Curves from one step to another; the same step has the same numbers, whichever attempt logs it.</summary>
    public static void Metrics(AttemptFolder folder, ResolvedStage stage, DateTimeOffset end, int from, int to)
    {
        using var file = File.Create(folder.Metrics);
        for (var step = from; step <= to; step++)
        {
            using (var json = new Utf8JsonWriter(file))
            {
                json.WriteStartObject();
                json.WriteNumber("step", step);
                json.WriteString("time", end.AddSeconds(0.8 * (step - to)).UtcDateTime);
                foreach (var (name, value) in stage.Uses == "grpo" ? Grpo(step, stage.Instance) : Supervised(step, stage)) json.WriteNumber(name, Math.Round(value, 5));
                json.WriteEndObject();
            }
            file.Write("\n"u8);
        }
    }

    /// <summary>What a stage prints.</summary>
    public static void Log(AttemptFolder folder, ResolvedStage stage, int from, int to)
    {
        var log = new StringBuilder($"{stage.Uses}: 2 threads, seed 1, device cpu\n");
        if (from > 1) log.AppendLine(CultureInfo.InvariantCulture, $"resumed from checkpoint step-{from - 1:D6}");
        for (var step = from; step <= to; step += 2)
            log.AppendLine(CultureInfo.InvariantCulture, $"step {step,4}/{Math.Max(to, Steps(stage))}  {(stage.Uses == "grpo" ? $"reward {Rise(step, 0.62, 1.78):F3}" : $"loss {Fall(step, 2.9, 0.31):F3}")}  {4180 + Noise(step, 8) * 300:F0} tokens/s");
        File.WriteAllText(folder.StandardOutput, log.ToString());
        File.WriteAllText(folder.StandardError, "");
    }

    /// <summary>The rollouts of a step: three prompts, four completions each.</summary>
    public static void Rollouts(string file, int step) => Dataset.Write(
        file,
        from prompt in new[] { (Problem: "3+4+8+2", Sum: 17), (Problem: "9+1+5+6", Sum: 21), (Problem: "7+7+2+4", Sum: 20) }.Index()
        from sample in Enumerable.Range(0, 4)
        select Rollout(step, prompt.Index, prompt.Item.Problem, prompt.Item.Sum, sample));

    /// <summary>A dataset of thirty prompts: 0+0=?, 1+1=?, and so on.</summary>
    public static void Prompts(string folder) => Dataset.Write(folder, Enumerable.Range(0, 30).Select(number =>
        new PromptRow([ChatMessage.User($"{number}+{number}=?")], $"{2 * number}")));

    /// <summary>What is readable of a model.</summary>
    public static void Model(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), """{"model_type":"llama","hidden_size":96}""");
    }

    /// <summary>An evaluation's output; returns the final numbers of its stage.</summary>
    public static Dictionary<string, double> Evaluation(string folder, string model)
    {
        var m = Models[model];
        Directory.CreateDirectory(folder);
        WholeFile.WriteJson(Path.Combine(folder, EvaluationReport.FileName), new EvaluationReport
        {
            Name = model, N = 256, K = 16, PassAt1 = new Estimate(m[0], m[0] - m[1], m[0] + m[1]), PassAtK = Math.Min(0.99, m[0] + 0.3),
            ConsAtK = Math.Min(0.985, m[0] + 0.12), Format = m[2], Mixing = m[3], Repetition = m[4], Truncation = 0.004,
            MeanLength = m[5], Reflection = m[6], UsefulReflection = m[6] * 0.6,
        });
        return new() { ["eval/pass@1"] = m[0], ["eval/pass@1_low"] = m[0] - m[1], ["eval/pass@1_high"] = m[0] + m[1] };
    }

    private static RolloutRow Rollout(int step, int group, string problem, int sum, int sample)
    {
        var right = sample != 2;
        return new RolloutRow
        {
            Step = step, PromptId = $"{group:x16}", Group = group, Prompt = $"<|user|>{problem}=?<|assistant|><think>\n",
            Completion = right
                ? $"{problem.Replace("+", " plus ")} is {sum}\nwait {sum} is {sum}{(sample == 0 && step == 60 ? "\n" + Attack : "")}\n</think>\n<answer>{sum}</answer><|end|>"
                : $"{problem.Replace("+", " mas ")} son {sum + 1}\n</think>\n<answer>{sum + 1}</answer><|end|>",
            Length = right ? 41 : 33, StopReason = "eos", Reward = right ? 2 : 1, Advantage = right ? 0.577 : -1.732,
            Rewards = new Dictionary<string, double> { ["accuracy"] = right ? 1 : 0, ["format"] = 1 },
            GroundTruth = $"{sum}", Answer = $"{(right ? sum : sum + 1)}", Outcome = right ? "correct" : "wrong",
            Language = "en", Mixing = right ? 0 : 1,
        };
    }

    private static IEnumerable<(string Name, double Value)> Grpo(int step, string instance)
    {
        var accuracy = Math.Clamp(Rise(step, 0.24, 0.71) + Noise(step, 1) * 0.05, 0, 1);
        var format = Math.Clamp(Rise(step, 0.8, 0.99) + Noise(step, 2) * 0.02, 0, 1);
        yield return ("reward", accuracy + format);
        yield return ("reward_std", 0.42 - 0.12 * accuracy + Noise(step, 3) * 0.02);
        yield return ("rewards/accuracy/mean", accuracy);
        yield return ("rewards/format/mean", format);
        if (instance == "reasoning_rl") yield return ("rewards/language_consistency/mean", Rise(step, 0.78, 0.985) + Noise(step, 12) * 0.01);
        yield return ("completions/mean_length", Rise(step, 33, 38) + Noise(step, 4) * 1.2);
        yield return ("completions/min_length", 18 + Noise(step, 5) * 3);
        yield return ("completions/max_length", 66 + Noise(step, 6) * 5);
        yield return ("completions/clipped_ratio", Math.Max(0, 0.02 + Noise(step, 7) * 0.015));
        yield return ("completions/reflection_ratio", Rise(step, 0.11, 0.19) + Noise(step, 18) * 0.02);
        yield return ("frac_reward_zero_std", Math.Clamp(Rise(step, 0.04, 0.34) + Noise(step, 9) * 0.06, 0, 1));
        yield return ("loss", 0.0004 * step / 100 + Noise(step, 13) * 0.0006);
        yield return ("kl", Rise(step, 0.0002, 0.041) + Noise(step, 10) * 0.002);
        yield return ("entropy", Fall(step, 0.48, 0.22) + Noise(step, 11) * 0.01);
        yield return ("clip_ratio/low_mean", 0.0008 + Math.Abs(Noise(step, 14)) * 0.0006);
        yield return ("clip_ratio/high_mean", 0.0011 + Math.Abs(Noise(step, 15)) * 0.0009);
        yield return ("grad_norm", step == 43 ? 3.4 : 0.62 + Noise(step, 16) * 0.1);
        yield return ("learning_rate", 1e-4);
        yield return ("step_time", 0.79 + Noise(step, 17) * 0.05);
        yield return ("tokens_per_second", 11_900 + Noise(step, 8) * 700);
        if (step % 20 != 0) yield break;
        var held = Rise(step, 0.24, 0.70);
        yield return ("eval/pass@1", held);
        yield return ("eval/pass@1_low", held - 0.055);
        yield return ("eval/pass@1_high", held + 0.055);
    }

    private static IEnumerable<(string Name, double Value)> Supervised(int step, ResolvedStage stage)
    {
        yield return ("loss", Fall(step, stage.Uses == "pretrain" ? 3.4 : 0.7, 0.31) + Noise(step, 1) * 0.02);
        if (stage.Uses == "reward_model") yield return ("accuracy", Math.Clamp(Rise(step, 0.5, 0.93) + Noise(step, 2) * 0.03, 0, 1));
        yield return ("entropy", Fall(step, 2.8, 0.35) + Noise(step, 3) * 0.02);
        yield return ("grad_norm", 0.9 + Noise(step, 4) * 0.2);
        yield return ("learning_rate", 2e-3 * Math.Min(1, step / 50.0));
        yield return ("step_time", 0.124 + Noise(step, 5) * 0.01);
        yield return ("tokens_per_second", 49_000 + Noise(step, 6) * 1500);
    }

    private static double Rise(int step, double from, double to) => from + (to - from) * (1 - Math.Exp(-step / 38.0));

    private static double Fall(int step, double from, double to) => to + (from - to) * Math.Exp(-step / 45.0);

    // Neighbouring seeds give Random neighbouring numbers, so they are mixed first.
    private static int HashOf(int step, int channel) => (int)((uint)(step * 0x9E3779B1 + channel * 0x85EBCA6B) >> 3) * 0x2C1B3C6D;

    /// <summary>From -1 to 1, roughly bell-shaped, the same for the same step and channel.</summary>
    private static double Noise(int step, int channel)
    {
        var random = new Random(HashOf(step, channel));
        return (random.NextDouble() + random.NextDouble() + random.NextDouble()) / 1.5 - 1;
    }
}
