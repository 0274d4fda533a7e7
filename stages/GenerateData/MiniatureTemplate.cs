using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Tokenization;
using Pipeline.Stages.GenerateData.Sums;

namespace Pipeline.Stages.GenerateData;

/// <summary>The tokens and the chat template of the miniature. They travel with every model trained from it.</summary>
internal static class MiniatureTemplate
{
    /// <summary>Ends every turn of the assistant; the model learns it as the end of its answer.</summary>
    public const string End = "<|end|>";

    /// <summary>Single characters; everything the generator writes is made of them and of <see cref="Tokens"/>.</summary>
    public const string Alphabet = "\n !',.?0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>What is one token though it is several characters: the template's marks, the tags, and the words of a step.</summary>
    public static CharacterTokens Tokens { get; } = new(
        Control: ["<|pad|>", End, "<|user|>", "<|assistant|>"],
        Words: ["<think>", "</think>", "<answer>", "</answer>", .. Phrases.All.SelectMany(phrases => phrases.Tokens)],
        Eos: End,
        Pad: "<|pad|>");

    /// <summary>The template, ready to render.</summary>
    public static IChatTemplate Chat { get; } = ChatTemplate.Parse(Jinja, bosToken: null, eosToken: End);

    /// <summary>The source of <see cref="Chat"/>, as it is written beside the tokenizer.</summary>
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
