using Pipeline.Protocol.Options;
using Pipeline.Rewards;

namespace Pipeline.Stages.RejectionSampling.Filters;

/// <summary>It has not the form that the dataset is to teach.</summary>
internal sealed class OtherForm(FormatProfile profile) : ICompletionFilter
{
    private readonly Format _format = Format.Of(profile);

    public string Reason => "format";

    public string Rule => profile == FormatProfile.R1 ? "not of the form r1" : "not of the form r1-zero";

    public bool Drops(Candidate candidate) => !_format.Holds(candidate.Text);
}
