namespace Pipeline.Training.Models.Lora;

/// <summary>What PEFT calls the files of an adapter, and the tensors in them.</summary>
internal static class PeftNames
{
    public const string ConfigFile = "adapter_config.json";
    public const string WeightsFile = "adapter_model.safetensors";

    /// <summary>PEFT's wrappers of the model; before every name of the model's own.</summary>
    public const string Prefix = "base_model.model.";

    /// <summary>After the name of a linear layer: its matrix [rank, inputs].</summary>
    public const string Down = ".lora_A.weight";

    /// <summary>After the name of a linear layer: its matrix [outputs, rank].</summary>
    public const string Up = ".lora_B.weight";
}
