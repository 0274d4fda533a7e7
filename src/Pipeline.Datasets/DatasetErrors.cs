namespace Pipeline.Datasets;

/// <summary>The codes of <see cref="DatasetException"/>. They are part of the interface and never change meaning.</summary>
public static class DatasetErrors
{
    /// <summary>There is no file or folder at the path, or the folder holds no .parquet file.</summary>
    public const string NotFound = "DATASET_NOT_FOUND";

    /// <summary>The file is not Parquet, or is torn.</summary>
    public const string Unreadable = "DATASET_UNREADABLE";

    /// <summary>The file's name says no format that is read.</summary>
    public const string Format = "DATASET_FORMAT";

    /// <summary>The columns are none of a schema that is known, or not those of the schema that was named.</summary>
    public const string Schema = "DATASET_SCHEMA";

    /// <summary>No row at all.</summary>
    public const string Empty = "DATASET_EMPTY";

    /// <summary>A column the row type needs is not there.</summary>
    public const string ColumnMissing = "DATASET_COLUMN_MISSING";

    /// <summary>A column is there with another type.</summary>
    public const string ColumnType = "DATASET_COLUMN_TYPE";

    /// <summary>A column that must have a value in every row holds a null.</summary>
    public const string ColumnNull = "DATASET_COLUMN_NULL";

    /// <summary>A reward is named like a fixed column of the rollout table, or the rows disagree on their rewards.</summary>
    public const string RewardColumns = "DATASET_REWARD_COLUMNS";

    /// <summary>tokenizer.json, tokenizer_config.json or generation_config.json is missing or not JSON.</summary>
    public const string TokenizerFile = "TOKENIZER_FILE";

    /// <summary>A field of tokenizer.json asks for something this library does not do.</summary>
    public const string TokenizerUnsupported = "TOKENIZER_UNSUPPORTED";

    /// <summary>The text holds a character without a token, and there is no unknown token.</summary>
    public const string TokenizerCharacter = "TOKENIZER_CHARACTER";

    /// <summary>A token id or a token's name that the tokenizer does not have.</summary>
    public const string TokenizerToken = "TOKENIZER_TOKEN";

    /// <summary>There is no chat_template.jinja in the folder.</summary>
    public const string TemplateFile = "CHAT_TEMPLATE_FILE";

    /// <summary>The template uses Jinja that is not understood, or is not Jinja.</summary>
    public const string TemplateSyntax = "CHAT_TEMPLATE_SYNTAX";

    /// <summary>The template failed while rendering, its own <c>raise_exception</c> included.</summary>
    public const string TemplateRender = "CHAT_TEMPLATE_RENDER";

    /// <summary>Rendering up to an assistant turn is not a prefix of rendering with it, so the turn has no span.</summary>
    public const string ChatNoPrefix = "CHAT_NO_PREFIX";

    /// <summary>A supervised turn does not end with an end-of-sequence token, so a model would not learn to stop.</summary>
    public const string ChatNoEos = "CHAT_NO_EOS";

    /// <summary>A conversation has nothing to learn from: no assistant turn.</summary>
    public const string ChatNoAssistant = "CHAT_NO_ASSISTANT";

    /// <summary>The text of a message contains a control token of the template.</summary>
    public const string ChatControlToken = "CHAT_CONTROL_TOKEN";

    /// <summary>An example is longer than the length it must fit into.</summary>
    public const string ExampleTooLong = "EXAMPLE_TOO_LONG";
}
