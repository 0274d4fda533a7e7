using Pipeline.Stages.Distillation;
using Pipeline.Stages.Dpo;
using Pipeline.Stages.Evaluation;
using Pipeline.Stages.Fetch;
using Pipeline.Stages.GenerateData;
using Pipeline.Stages.Grpo;
using Pipeline.Stages.Pretrain;
using Pipeline.Stages.RejectionSampling;
using Pipeline.Stages.RewardModel;
using Pipeline.Stages.Sft;

namespace Pipeline.Stages.Hosting;

/// <summary>The stage kinds of this program and the story each tells, in the order of the recipe.</summary>
public static class StageCatalog
{
    private static readonly Dictionary<string, Func<StageContext, StageOutcome>> s_stages = new()
    {
        ["fetch_model"] = FetchStage.Model,
        ["fetch_dataset"] = FetchStage.Dataset,
        ["generate_data"] = GenerateDataStage.Run,
        ["pretrain"] = PretrainStage.Run,
        ["sft"] = SftStage.Run,
        ["grpo"] = GrpoStage.Run,
        ["dpo"] = DpoStage.Run,
        ["rejection_sampling"] = RejectionSamplingStage.Run,
        ["reward_model"] = RewardModelStage.Run,
        ["distillation"] = DistillationStage.Run,
        ["evaluation"] = EvaluationStage.Run,
    };

    /// <summary>Every name that <see cref="Find"/> knows.</summary>
    public static IReadOnlyCollection<string> Names => s_stages.Keys;

    /// <summary>What performs the kind of that name.</summary>
    public static Func<StageContext, StageOutcome> Find(string kind) => s_stages[kind];
}
