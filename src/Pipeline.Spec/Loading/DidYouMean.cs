namespace Pipeline.Spec.Loading;

/// <summary>Guesses what was meant by a name that does not exist.</summary>
internal static class DidYouMean
{
    // What other trainers and schedulers call it.
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["beta"] = "kl_coefficient", ["num_generations"] = "group_size", ["max_completion_length"] = "max_tokens",
        ["max_new_tokens"] = "max_tokens", ["num_train_epochs"] = "epochs", ["lr_scheduler_type"] = "schedule",
        ["ppo"] = "grpo", ["num_iterations"] = "inner_epochs", ["ppo_epochs"] = "inner_epochs", ["loss_type"] = "algorithm", ["scale_rewards"] = "advantage_scale",
        ["epsilon_high"] = "clip_high", ["mask_truncated_completions"] = "mask_truncated", ["entropy_coef"] = "entropy_coefficient",
        ["per_device_train_batch_size"] = "micro_batch_size", ["max_seq_length"] = "max_length",
        ["depends_on"] = "needs", ["options"] = "with", ["args"] = "with", ["config"] = "with", ["command"] = "run",
    };

    /// <summary>
    /// The end of a message about an unknown name: <c>did you mean 'x'?</c> if one of <paramref name="valid"/> is
    /// near, else <paramref name="listing"/> and all of them.
    /// </summary>
    public static string Or(string listing, string found, IEnumerable<string> valid)
    {
        var names = valid.ToArray();
        if (Nearest(found, names) is { } guess) return $"did you mean '{guess}'?";
        return names.Length == 0 ? $"{listing}: none." : $"{listing}: {string.Join(", ", names)}.";
    }

    /// <summary>The name that was probably meant; null if none is near.</summary>
    public static string? Nearest(string found, IReadOnlyCollection<string> valid)
    {
        if (Elsewhere.TryGetValue(found, out var ours) && valid.Contains(ours)) return ours;
        var plain = Plain(found);
        if (plain.Length == 0) return null;
        var best = valid
            .Select(name => (Name: name, Distance: Distance(plain, found, name)))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault((Name: "", Distance: int.MaxValue));
        // A third of the letters may differ: 'modle' is model, 'lr' is not 'kl'.
        return best.Distance <= Math.Max(plain.Length, best.Name.Length) / 3 ? best.Name : null;
    }

    private static int Distance(string plain, string found, string name)
    {
        var target = Plain(name);
        if (plain == target) return 0;                                    // learningRate, learning-rate
        if (found.Length > 1 && found == Initials(name)) return 1;        // lr
        return Edits(plain, target);
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    private static string Initials(string name) => string.Concat(name.Split('_').Where(word => word.Length > 0).Select(word => word[0]));

    /// <summary>
    /// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other (optimal string
    /// alignment).
    /// </summary>
    private static int Edits(string from, string to)
    {
        var cost = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++) cost[i, 0] = i;
        for (var j = 0; j <= to.Length; j++) cost[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var replace = cost[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }
        return cost[from.Length, to.Length];
    }
}
