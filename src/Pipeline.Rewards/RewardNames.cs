namespace Pipeline.Rewards;

/// <summary>
/// Names rewards by the key their term has in YAML. Of the kinds that a sum may have several of, the others bear a number:
/// <c>reward_model</c>, <c>reward_model_2</c>.
/// </summary>
internal sealed class RewardNames
{
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>The name of the next term of that kind.</summary>
    public string Next(string kind)
    {
        var count = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        return count == 1 ? kind : $"{kind}_{count}";
    }
}
