using Pipeline.Protocol.Options;
using Pipeline.Stages.Hosting;
using static TorchSharp.torch;

namespace Pipeline.Stages.Completions;

/// <summary>Where completions come from: a model in this process, or one behind an endpoint.</summary>
public interface ICompletionSource
{
    /// <summary>Equal for sources that read each other's checkpoints.</summary>
    string Identity { get; }

    /// <summary>Reads datasets of prompts as this source asks them, see <see cref="PromptSet"/>.</summary>
    /// <param name="paths">The datasets, read one after the other.</param>
    /// <param name="maxTokens">Room a completion needs after the prompt, in tokens.</param>
    /// <param name="events">Where is said what was left out.</param>
    /// <exception cref="ConfigException">No prompt is left.</exception>
    IReadOnlyList<ChatPrompt> ReadPrompts(IReadOnlyList<string> paths, int maxTokens, StageEvents events);

    /// <summary>Samples the same number of completions for each prompt.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="perPrompt">Completions a prompt.</param>
    /// <param name="options">How they are sampled.</param>
    /// <param name="seed">With a row's number and a token's position, all the random numbers depend on.</param>
    /// <param name="firstRow">Number of the first row: two calls with one seed must not share rows.</param>
    /// <returns>Those of the first prompt, then those of the second, and so on.</returns>
    IReadOnlyList<SampledCompletion> Sample(
        IReadOnlyList<ChatPrompt> prompts, int perPrompt, SamplingOptions options, ulong seed, long firstRow = 0);

    /// <summary>What a checkpoint keeps of completions; log-probabilities are not, as nobody trains on these.</summary>
    IReadOnlyDictionary<string, Tensor> Save(IReadOnlyList<SampledCompletion> completions);

    /// <summary>The completions of a checkpoint.</summary>
    /// <param name="saved">From <see cref="Save"/>.</param>
    /// <param name="promptOf">The prompt of the completion at an index.</param>
    IEnumerable<SampledCompletion> Restore(IReadOnlyDictionary<string, Tensor> saved, Func<int, ChatPrompt> promptOf);
}
