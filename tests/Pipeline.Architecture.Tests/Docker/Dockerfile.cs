using System.Text.RegularExpressions;

namespace Pipeline.Architecture.Tests.Docker;

/// <summary>A Dockerfile as far as rules about it need to read it: build stages with their instructions in order.</summary>
/// <param name="Stages">Its build stages.</param>
internal sealed partial record Dockerfile(IReadOnlyList<BuildStage> Stages)
{
    // Every instruction of the reference but MAINTAINER, which is deprecated, and ONBUILD, which hides what is built where.
    private static readonly HashSet<string> s_known =
        ["ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"];

    /// <summary>Reads a Dockerfile.</summary>
    /// <exception cref="FormatException">A line is no instruction, or stands where it cannot.</exception>
    public static Dockerfile Parse(string text)
    {
        var stages = new List<BuildStage>();
        var whole = string.Join('\n', text.Split('\n').Where(line => !line.TrimStart().StartsWith('#')));
        foreach (var line in Continuation().Replace(whole, " ").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (word, rest) = line.Split(' ', 2) is [var first, var others] ? (first, others.Trim()) : (line, "");
            if (!s_known.Contains(word)) throw new FormatException($"'{line}' is no instruction");
            if (word == "FROM")
            {
                var match = From().Match(rest);
                if (!match.Success) throw new FormatException($"'{line}' names no image");
                stages.Add(new(match.Groups["image"].Value, match.Groups["name"].Value, []));
            }
            else
            {
                if (stages.Count == 0) throw new FormatException($"'{line}' comes before any FROM");
                stages[^1].Instructions.Add((word, rest));
            }
        }
        return new(stages);
    }

    /// <summary>The last argument of an instruction that holds for an image, its own or one of the stages that it is built on; null for none.</summary>
    public string? Last(BuildStage stage, string word)
    {
        for (BuildStage? at = stage; at is not null; at = Stages.FirstOrDefault(other => other.Name == at.Image))
            if (at.Instructions.FindLast(instruction => instruction.Word == word) is { Word: not null } found) return found.Argument;
        return null;
    }

    [GeneratedRegex(@"\\\s*\n")]
    private static partial Regex Continuation();

    [GeneratedRegex(@"^(?<image>\S+)(?:\s+AS\s+(?<name>[a-z][a-z0-9-]*))?$")]
    private static partial Regex From();
}

/// <summary>A build stage, or an image if it is the end of a build.</summary>
/// <param name="Image">What it is built on: an image, or the name of another stage.</param>
/// <param name="Name">Its name; empty for none.</param>
/// <param name="Instructions">Its instructions, after <c>FROM</c>.</param>
internal sealed record BuildStage(string Image, string Name, List<(string Word, string Argument)> Instructions);
