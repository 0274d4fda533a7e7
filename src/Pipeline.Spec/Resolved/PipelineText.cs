using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Protocol.Jobs;
using Pipeline.Protocol.Stages;
using Pipeline.Spec.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pipeline.Spec.Resolved;

/// <summary>
/// Writes a resolved pipeline as a pipeline file again: without parameters, profiles and defaults, every option with its value. What it
/// makes is what the original made; of what only says when and where stages run it keeps processors, nodes and reasons to end early.
/// </summary>
public static partial class PipelineText
{
    private const int DepthOfSections = 3; // the file, its stages, a stage, its section

    /// <summary>The file's text; it ends with a line break.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="instances">The instances that are written, in its order; all that they read must be among them.</param>
    /// <param name="best">The instance that was the best of several.</param>
    /// <param name="remark">What stands at its top, a comment.</param>
    public static string Of(ResolvedPipeline pipeline, IReadOnlySet<string> instances, Func<BestOf, string?> best, string remark = "")
    {
        var text = new StringWriter { NewLine = "\n" };
        foreach (var line in remark.Split('\n', StringSplitOptions.RemoveEmptyEntries)) text.WriteLine($"# {line}");
        var file = new JsonObject { ["apiVersion"] = "pipeline/v1", ["kind"] = "Pipeline", ["name"] = pipeline.Name };
        if (pipeline.Description is { } description) file["description"] = description;
        file["stages"] = new JsonObject(pipeline.Stages.Where(stage => instances.Contains(stage.Instance))
            .Select(stage => KeyValuePair.Create(IdOf(stage.Instance), (JsonNode?)Stage(stage, instances, best))));
        var yaml = new Emitter(text, new EmitterSettings().WithBestWidth(int.MaxValue));
        yaml.Emit(new StreamStart());
        yaml.Emit(new DocumentStart(null, null, isImplicit: true));
        Write(yaml, file, depth: 0);
        yaml.Emit(new DocumentEnd(isImplicit: true));
        yaml.Emit(new StreamEnd());
        return text.ToString();
    }

    /// <summary>An instance as the id of a stage: <c>rl[seed=1,lr=1e-4]</c> is <c>rl_seed_1_lr_1e_4</c>.</summary>
    public static string IdOf(string instance) => NotOfIds().Replace(instance.ToLowerInvariant().TrimEnd(']'), "_");

    private static JsonObject Stage(ResolvedStage stage, IReadOnlySet<string> instances, Func<BestOf, string?> best)
    {
        var written = new JsonObject { ["uses"] = stage.Uses };
        if (stage.Command is { } command) written["run"] = Texts(command);
        if (stage.Code is { } code) written["code"] = Texts(code);
        var ports = StageKinds.Find(stage.Uses)?.Inputs.Select(port => port.Name).ToHashSet();
        var (inputs, settings) = (new JsonObject(), new Dictionary<string, string>());
        foreach (var (name, input) in stage.Inputs)
        {
            if (Reference(input, instances, best) is not { } reference) continue; // of a skipped stage, and it went without
            var list = name.LastIndexOf('.') is > 0 and var point && name[(point + 1)..].All(char.IsAsciiDigit) ? name[..point] : null;
            if (ports is null || ports.Contains(list ?? name))
            {
                if (list is null) inputs[name] = reference;
                else (inputs[list] ??= new JsonArray()).AsArray().Add((JsonNode)reference);
            }
            else settings[name] = reference; // its name stands in the options where the file has the artifact
        }
        if (inputs.Count > 0) written["inputs"] = inputs;
        if (stage.Command is not null && stage.Outputs.Count > 0)
            written["outputs"] = new JsonObject(stage.Outputs.Select(output => KeyValuePair.Create(output.Key, (JsonNode?)output.Value)));
        if (stage.Options.Count > 0) written["with"] = Referring(stage.Options, settings);
        written["seed"] = stage.Seed;
        if (stage.StopWhen.Count > 0) written["stop_when"] = new JsonArray([.. stage.StopWhen.Select(Condition)]);
        var resources = new JsonObject();
        if (stage.Resources.Cpus is { } cpus) resources["cpus"] = cpus;
        if (stage.Resources.Gpus > 0) resources["gpus"] = stage.Resources.Gpus;
        if (resources.Count > 0) written["resources"] = resources;
        return written;
    }

    private static string? Reference(StageInput input, IReadOnlySet<string> instances, Func<BestOf, string?> best)
    {
        if (input.Path is { } path) return path;
        var maker = input.Best is { } several ? best(several) : input.Stage;
        return maker is not null && instances.Contains(maker) ? $"${{{{ stages.{IdOf(maker)}.outputs.{input.Output} }}}}" : null;
    }

    private static JsonNode? Referring(JsonNode? node, Dictionary<string, string> settings) => node switch
    {
        JsonObject map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, Referring(entry.Value, settings)))),
        JsonArray list => new JsonArray([.. list.Select(item => Referring(item, settings))]),
        JsonValue value when value.TryGetValue<string>(out var word) && settings.TryGetValue(word, out var reference) => reference,
        _ => node?.DeepClone(),
    };

    private static JsonNode Condition(StopCondition condition)
    {
        if (condition.Alarm is { } alarm) return new JsonObject { ["alarm"] = alarm };
        var written = new JsonObject { ["metric"] = condition.Metric, ["op"] = condition.Op!.Value.Sign(), ["value"] = condition.Value };
        if (condition.ForSteps > 1) written["for"] = string.Create(CultureInfo.InvariantCulture, $"{condition.ForSteps} steps");
        return written;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    /// <summary>Sections of a stage have a line for each key; what is below them is written in a line.</summary>
    private static void Write(Emitter yaml, JsonNode? node, int depth)
    {
        switch (node)
        {
            case JsonObject map:
                yaml.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, depth <= DepthOfSections ? MappingStyle.Block : MappingStyle.Flow));
                foreach (var (key, value) in map)
                {
                    yaml.Emit(Text(key));
                    Write(yaml, value, depth + 1);
                }
                yaml.Emit(new MappingEnd());
                break;
            case JsonArray list:
                yaml.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Flow));
                foreach (var item in list) Write(yaml, item, depth + 1);
                yaml.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.TryGetValue<string>(out var word):
                yaml.Emit(Text(word));
                break;
            default:
                yaml.Emit(new Scalar(node?.ToJsonString() ?? "null"));
                break;
        }
    }

    /// <summary>In quotes where it would be read as something else than text.</summary>
    private static Scalar Text(string text) => CoreSchema.Resolve(text) is string ? new Scalar(text)
        : new Scalar(AnchorName.Empty, TagName.Empty, text, ScalarStyle.DoubleQuoted, isPlainImplicit: false, isQuotedImplicit: true);

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotOfIds();
}
