using Pipeline.Protocol.Options;
using static Pipeline.Protocol.Artifacts.ArtifactKind;

namespace Pipeline.Protocol.Stages;

/// <summary>The stage kinds that <c>pipeline-stage</c> performs, and <c>command</c>, which runs any other program.</summary>
public static class StageKinds
{
    /// <summary>The kind whose program the pipeline file names; its inputs and outputs are free.</summary>
    public const string Command = "command";

    /// <summary>The kind that <c>hf:</c> in the place of a path stands for.</summary>
    public const string FetchModel = "fetch_model";

    /// <summary>The kind that <c>hf-dataset:</c> in the place of a path stands for.</summary>
    public const string FetchDataset = "fetch_dataset";

    /// <summary>Every kind but <see cref="Command"/>, in the order of the recipe.</summary>
    public static IReadOnlyList<StageKind> All { get; } =
    [
        new(FetchModel, 1, typeof(FetchModelOptions), Inputs: [], Outputs: [new("model", Model)]),
        new(FetchDataset, 1, typeof(FetchDatasetOptions), Inputs: [], Outputs: [new("dataset", Dataset)]),
        new("generate_data", 1, typeof(GenerateDataOptions),
            Inputs: [],
            Outputs:
            [
                new("tokenizer", Tokenizer), new("corpus", Dataset), new("prompts", Dataset), new("general_prompts", Dataset),
                new("evaluation", Dataset), new("cold_start", Dataset), new("general", Dataset),
                new("helpfulness", Dataset), new("safety", Dataset),
            ]),
        new("pretrain", 2, typeof(PretrainOptions),
            Inputs: [new("dataset", [Dataset]), new("tokenizer", [Tokenizer, Model])],
            Outputs: [new("model", Model)]),
        new("sft", 2, typeof(SftOptions),
            Inputs: [new("model", [Model]), new("dataset", [Dataset], TakesList: true)],
            Outputs: [new("model", Model)]),
        new("grpo", 3, typeof(GrpoOptions),
            Inputs: [new("model", [Model]), new("prompts", [Dataset], TakesList: true)],
            Outputs: [new("model", Model)]) { Alarms = AlarmCodes.All },
        new("dpo", 1, typeof(DpoOptions),
            Inputs: [new("model", [Model]), new("dataset", [Dataset], TakesList: true)],
            Outputs: [new("model", Model)]),
        new("rejection_sampling", 4, typeof(RejectionSamplingOptions),
            Inputs:
            [
                new("model", [Model], Required: false), new("prompts", [Dataset], TakesList: true),
                new("evaluation", [Dataset], Required: false, TakesList: true), new("general", [Dataset], Required: false, TakesList: true),
                new("reward_model", [Model], Required: false),
            ],
            Outputs: [new("dataset", Dataset), new("funnel", Funnel)]),
        new("reward_model", 2, typeof(RewardModelOptions),
            Inputs: [new("model", [Model]), new("dataset", [Dataset], TakesList: true)],
            Outputs: [new("model", Model)]),
        new("distillation", 2, typeof(DistillationOptions),
            Inputs:
            [
                new("dataset", [Dataset], TakesList: true),
                new("model", [Model], Required: false), new("tokenizer", [Tokenizer, Model], Required: false),
                new("teacher", [Model], Required: false),
            ],
            Outputs: [new("model", Model)]),
        new("evaluation", 4, typeof(EvaluationOptions),
            Inputs: [new("model", [Model]), new("prompts", [Dataset])],
            Outputs: [new("evaluation", Evaluation)]),
    ];

    /// <summary>The kind of that name; null if there is none.</summary>
    public static StageKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
