using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Stages.Hosting;
using Pipeline.Training.Losses;
using Pipeline.Training.Models;
using Pipeline.Training.Models.Lora;
using Pipeline.Training.Optimization;
using static TorchSharp.torch;

namespace Pipeline.Benchmarks;

/// <summary>What a process holds at most that makes training steps, set up as a stage is.</summary>
internal static class TrainingMemory
{
    private const int Steps = 3; // the first frees what the second takes again

    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Each case in a process of its own, since a process has one peak: a line of JSON each, as in the file that the tests of <c>plan</c> hold the model of memory against.</summary>
    public static void PrintAll()
    {
        foreach (var memory in MemoryCase.All)
        {
            using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["memory", memory.Name]))!;
            process.WaitForExit();
        }
    }

    /// <summary>One case.</summary>
    public static void Print(string name)
    {
        var memory = MemoryCase.All.FirstOrDefault(memory => memory.Name == name)
            ?? throw new ArgumentException($"There is no case '{name}'. There are {string.Join(", ", MemoryCase.All.Select(memory => memory.Name))}.");
        TorchRuntime.Open(Environment.ProcessorCount, "cpu");
        Train(memory);
        using var process = Process.GetCurrentProcess();
        var model = memory.Model;
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            memory.Name, model.VocabSize, model.HiddenSize, model.IntermediateSize, model.Layers, model.Heads, model.KeyValueHeads, model.TieEmbeddings,
            memory.Rows, memory.Seq, memory.Checkpointing, memory.Rank, PeakBytes = process.PeakWorkingSet64,
        }, s_json));
    }

    private static void Train(MemoryCase memory)
    {
        using var model = new LanguageModel(memory.Model, seed: 1);
        model.Transformer.ActivationCheckpointing = memory.Checkpointing;
        using var adapter = memory.Rank is { } rank
            ? new LoraAdapter(model, new(rank, 32, ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]), seed: 1)
            : null;
        using var parameters = adapter is null ? new FlatParameters(model) : new FlatParameters(adapter.Weights.Select(weight => (weight.Key, weight.Value)));
        using var optimizer = new AdamW(parameters, new());
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            parameters.ZeroGradients();
            var tokens = randint(memory.Model.VocabSize, [memory.Rows, memory.Seq + 1], ScalarType.Int64);
            var mask = ones([memory.Rows, memory.Seq], ScalarType.Bool);
            var (logProbs, _) = ChunkedTokenLogProbs.Of(
                model.HiddenStates(tokens.narrow(1, 0, memory.Seq)), model.OutputWeight, tokens.narrow(1, 1, memory.Seq), mask);
            CrossEntropy.Of(logProbs, mask).backward();
            parameters.ClipGradients(parameters.GradientNorm(), maximum: 1);
            optimizer.Step(1e-4);
        }
    }
}
