namespace Pipeline.Hub;

/// <summary>A repository of the Hugging Face Hub at one commit.</summary>
/// <param name="IsDataset">Whether it is a dataset; otherwise a model.</param>
/// <param name="Name">Owner and name, <c>Qwen/Qwen2.5-1.5B</c>.</param>
/// <param name="Revision">The 40 hexadecimal digits of a commit.</param>
public sealed record HubRepository(bool IsDataset, string Name, string Revision)
{
    /// <summary>Its folder in a cache, under the name that the Python library <c>huggingface_hub</c> gives it.</summary>
    public string CacheFolder => $"{(IsDataset ? "datasets" : "models")}--{Name.Replace("/", "--")}";

    /// <summary>Address of the list of its files, below the endpoint.</summary>
    public string ListAddress => $"api/{(IsDataset ? "datasets" : "models")}/{Name}/tree/{Revision}?recursive=true";

    /// <summary>Address of a file, below the endpoint.</summary>
    public string AddressOf(HubFile file) =>
        $"{(IsDataset ? "datasets/" : "")}{Name}/resolve/{Revision}/{string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>Address of its page, below the endpoint.</summary>
    public string PageAddress => $"{(IsDataset ? "datasets/" : "")}{Name}";

    /// <inheritdoc/>
    public override string ToString() => $"{Name}@{Revision[..Math.Min(7, Revision.Length)]}";
}
