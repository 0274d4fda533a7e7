using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Tokenization;
using Pipeline.Protocol;
using Pipeline.Protocol.Options;

namespace Pipeline.Stages.ChatModels;

/// <summary>The chat templates that options can name, as Jinja.</summary>
internal static class ChatTemplates
{
    /// <summary>What the prompt of R1-Zero begins with (DeepSeek-R1, arXiv:2501.12948, table 1).</summary>
    private const string R1ZeroPreamble =
        "A conversation between User and Assistant. The user asks a question, and the Assistant solves it. The assistant first thinks about "
        + "the reasoning process in the mind and then provides the user with the answer. The reasoning process and answer are enclosed within "
        + "<think> </think> and <answer> </answer> tags, respectively, i.e., <think> reasoning process here </think> "
        + "<answer> answer here </answer>.";

    /// <summary>A tokenizer's files with another template, in a folder of the attempt's own.</summary>
    /// <param name="from">A model folder or a tokenizer.</param>
    /// <param name="name">The template.</param>
    /// <param name="to">The folder; made if it is not there.</param>
    public static void Exchange(string from, ChatTemplateName name, string to)
    {
        Tokenizer.Copy(from, to);
        const string special = "generation_config.json"; // it names further ends of sequence
        if (File.Exists(Path.Combine(from, special))) File.Copy(Path.Combine(from, special), Path.Combine(to, special), overwrite: true);
        WholeFile.WriteText(Path.Combine(to, ChatTemplate.FileName), Jinja(name));
    }

    /// <summary>The source of a template.</summary>
    public static string Jinja(ChatTemplateName name) => name switch
    {
        ChatTemplateName.R1Zero => Turns(R1ZeroPreamble, system: " ", user: " User: ", assistant: " Assistant:"),
        ChatTemplateName.Dialogue => Turns("", system: "", user: "User: ", assistant: "\\n\\nAssistant:\\n", between: "\\n\\n"),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static string Turns(string preamble, string system, string user, string assistant, string between = "") =>
        $$$"""
        {%- if bos_token is defined -%}
        {{- bos_token -}}
        {%- endif -%}
        {{- '{{{preamble}}}' -}}
        {%- for message in messages -%}
        {%- if not loop.first and message['role'] != 'assistant' -%}
        {{- '{{{between}}}' -}}
        {%- endif -%}
        {%- if message['role'] == 'system' -%}
        {{- '{{{system}}}' + message['content'] -}}
        {%- elif message['role'] == 'user' -%}
        {{- '{{{user}}}' + message['content'] -}}
        {%- elif message['role'] == 'assistant' -%}
        {{- '{{{assistant}}}' + message['content'] + eos_token -}}
        {%- else -%}
        {{- raise_exception('This template knows the roles system, user and assistant only.') -}}
        {%- endif -%}
        {%- endfor -%}
        {%- if add_generation_prompt -%}
        {{- '{{{assistant}}}' -}}
        {%- endif -%}
        """;
}
