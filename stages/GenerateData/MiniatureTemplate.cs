namespace Pipeline.Stages.GenerateData;

/// <summary>The tokens and the chat template of the miniature. They travel with every model trained from it.</summary>
internal static class MiniatureTemplate
{
    public const string User = "<|user|>";
    public const string Assistant = "<|assistant|>";
    public const string End = "<|end|>";
    public const string Pad = "<|pad|>";

    /// <summary>Single characters; everything the generator writes is made of them and of the added tokens.</summary>
    public const string Alphabet = "\n !',.?0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>Tags that a model writes in plain sight, one token each.</summary>
    public static IReadOnlyList<string> Tags { get; } = ["<think>", "</think>", "<answer>", "</answer>"];

    /// <summary>Every turn ends with the same token, which the model learns as the end of its own.</summary>
    public const string Jinja =
        """
        {%- for message in messages -%}
        {%- if message['role'] == 'user' -%}
        {{- '<|user|>' + message['content'] -}}
        {%- elif message['role'] == 'assistant' -%}
        {{- '<|assistant|>' + message['content'] + '<|end|>' -}}
        {%- else -%}
        {{- raise_exception('This template knows the roles user and assistant only.') -}}
        {%- endif -%}
        {%- endfor -%}
        {%- if add_generation_prompt -%}
        {{- '<|assistant|>' -}}
        {%- endif -%}
        """;
}
