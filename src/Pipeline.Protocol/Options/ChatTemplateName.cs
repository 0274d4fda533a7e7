using System.Text.Json.Serialization;

namespace Pipeline.Protocol.Options;

/// <summary>Templates for base models, which have none, or one with an end of turn that they never learnt. They need no token but the end of sequence.</summary>
public enum ChatTemplateName
{
    /// <summary>Tells the assistant to think and to answer between tags (DeepSeek-R1, arXiv:2501.12948, table 1).</summary>
    [JsonStringEnumMemberName("r1-zero")] R1Zero,

    /// <summary><c>User:</c> and <c>Assistant:</c>, and nothing told.</summary>
    Dialogue,
}
