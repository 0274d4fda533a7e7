using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Spec.Loading;
using Pipeline.Spec.Resolved;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec;

/// <summary>Reads pipeline files.</summary>
public static class PipelineFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads, resolves and checks a pipeline file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">What the command line changes; null for nothing.</param>
    /// <param name="checkPaths">Whether a path that leads nowhere is an error.</param>
    /// <returns>The pipeline, or all errors at once. This never throws for what a user can do wrong.</returns>
    public static LoadedPipeline Load(string path, Overrides? overrides = null, bool checkPaths = true)
    {
        var source = Source.OfFile(path);
        var problems = new Problems();
        try
        {
            if (Directory.Exists(path))
                problems.Add(SpecErrors.File, source.Nowhere, "This is a folder; name the pipeline file in it.");
            else
                return Parse(Read(path), path, overrides, checkPaths, Read);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            var near = Neighbours.Near(Path.GetFullPath(path));
            problems.Add(
                SpecErrors.File, source.Nowhere,
                $"There is no such file.{(near is null ? "" : $" Did you mean '{near}'?")}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add(SpecErrors.File, source.Nowhere, $"The file cannot be read: {unreadable.Message}");
        }
        catch (DecoderFallbackException)
        {
            problems.Add(SpecErrors.File, source.Nowhere, "The file is not UTF-8 text. Save it as UTF-8.");
        }
        return new LoadedPipeline(null, problems.InOrder());
    }

    /// <summary>Resolves and checks the text of a pipeline file, such as an editor holds it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">Where it is, or would be, saved; paths in it are relative to that folder.</param>
    /// <param name="overrides">What the command line changes; null for nothing.</param>
    /// <param name="checkPaths">Whether a path that leads nowhere is an error.</param>
    /// <remarks>Text that comes from elsewhere opens no file: it cannot extend another.</remarks>
    public static LoadedPipeline Parse(string text, string path, Overrides? overrides = null, bool checkPaths = true) =>
        Parse(text, path, overrides, checkPaths, read: null);

    private static LoadedPipeline Parse(string text, string path, Overrides? overrides, bool checkPaths, Func<string, string>? read)
    {
        WarmUp.Begin();
        var source = Source.OfFile(path);
        var problems = new Problems();
        var extending = new Extending(read, problems);
        var root = YamlReader.Read(text.TrimStart('\uFEFF'), source, problems);
        if (root is MapNode written) root = extending.Apply(written);
        var pipeline = root is null ? null : new Resolver(source, overrides ?? Overrides.None, checkPaths, problems).Resolve(root);
        return new LoadedPipeline(
            problems.Any || pipeline is null ? null : pipeline with { Text = text, Extended = extending.Texts }, problems.InOrder());
    }

    private static string Read(string path) => StrictUtf8.GetString(File.ReadAllBytes(path));

    /// <summary>
    /// Resolves a pipeline again from its own text, with the parameters it had and further overrides; the file is not
    /// read. What it takes from the environment is taken from the environment of today.
    /// </summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="changes">Further <c>-p</c> and <c>--set</c>; they win over those of the pipeline.</param>
    public static LoadedPipeline Again(ResolvedPipeline pipeline, Overrides changes)
    {
        var earlier = Overrides.Read(pipeline.Overrides);
        var together = new Overrides
        {
            Profile = earlier.Profile,
            Params = [.. pipeline.Params.Select(param => $"{param.Key}={Given(param.Value)}"), .. changes.Params],
            Sets = [.. earlier.Sets, .. changes.Sets],
        };
        var loaded = Parse(pipeline.Text, pipeline.File, together, checkPaths: true, path => pipeline.Extended[path]);
        return loaded.Pipeline is { } again
            ? loaded with { Pipeline = again with { Overrides = [.. pipeline.Overrides, .. changes.Recorded] } }
            : loaded;
    }

    // As `-p name=value` has it: text without quotes.
    private static string Given(JsonNode? value) => value is JsonValue single && single.TryGetValue<string>(out var text) ? text : value?.ToJsonString() ?? "";
}
