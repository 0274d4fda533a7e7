namespace Pipeline.Training.Models.Lora;

/// <summary>The shape of a low-rank adapter.</summary>
/// <param name="Rank">Inner dimension of each pair.</param>
/// <param name="Alpha">The pair's product is scaled by <c>Alpha / Rank</c>.</param>
/// <param name="Targets">Last parts of the names of the linear layers that get a pair, such as <c>q_proj</c>.</param>
/// <param name="Dropout">Share of a pair's inputs that is left out in training.</param>
public sealed record LoraSettings(int Rank, double Alpha, IReadOnlyList<string> Targets, double Dropout = 0);
