namespace Pipeline.Executors.Slurm;

/// <summary>Slurm's controller or its accounting does not answer. Nothing may be concluded about any job; ask again.</summary>
/// <param name="message">What it said.</param>
internal sealed class SlurmUnavailableException(string message) : Exception(message);
