namespace Pipeline.Training.Losses.Policy;

/// <summary>How far one update may move the policy: the ratio is held in [1 - Low, 1 + High].</summary>
/// <param name="Low">Bound on lowering a token's probability. PPO uses 0.2; from 1 on there is no such bound.</param>
/// <param name="High">Bound on raising it. Set above <paramref name="Low"/> for DAPO's clip-higher (arXiv:2503.14476).</param>
/// <param name="Dual">
/// Bound on how hard a bad token that has become likely is punished: its ratio counts at most this much. Above 1; 3 in
/// dual-clip PPO (arXiv:1912.09729). Null for none.
/// </param>
public readonly record struct ClipRange(double Low, double High, double? Dual = null);
