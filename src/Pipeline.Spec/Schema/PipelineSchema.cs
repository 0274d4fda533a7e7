namespace Pipeline.Spec.Schema;

/// <summary>The JSON Schema of the pipeline file, for editors: completion, descriptions and errors while typing.</summary>
public static class PipelineSchema
{
    /// <summary>Its file name, as the comment <c># yaml-language-server: $schema=./pipeline.v1.schema.json</c> names it.</summary>
    public const string FileName = "pipeline.v1.schema.json";

    /// <summary>The schema, JSON Schema draft 7.</summary>
    public static string Text
    {
        get
        {
            using var stream = typeof(PipelineSchema).Assembly.GetManifestResourceStream(FileName)!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }
}
