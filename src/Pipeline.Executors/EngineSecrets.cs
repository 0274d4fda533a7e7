namespace Pipeline.Executors;

/// <summary>Variables that are between the engine and its journal or its clients. Jobs inherit what the engine has, but for these.</summary>
internal static class EngineSecrets
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Variables { get; } = ["PIPELINE_STORE", "PGPASSWORD", "PIPELINE_TOKEN"];
}
