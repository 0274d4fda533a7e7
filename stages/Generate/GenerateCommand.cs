using System.CommandLine;
using Pipeline.Protocol.Jobs;
using Pipeline.Protocol.Options;
using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Generate;

/// <summary><c>pipeline generate</c>: lets a model go on with a prompt on the terminal, or with a file of prompts into a file.</summary>
public static class GenerateCommand
{
    /// <summary>Carries out the command line without the verb.</summary>
    /// <returns>One of <see cref="StageExit"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments)
    {
        var defaults = new SamplingOptions { MaxTokens = 256 };
        var model = new Option<string>("--model") { Description = "The model's folder.", Required = true };
        var prompt = new Argument<string?>("PROMPT") { Description = "What the model goes on with, or answers.", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--prompts") { Description = "A file of prompts instead: Parquet or JSONL with a column 'prompt' (text, or messages), or text, one a line." };
        var to = new Option<string?>("--out") { Description = "Where completions of a file go: .jsonl or .parquet." };
        var chat = new Option<bool>("--chat") { Description = "Write the prompt as a user's turn by the model's chat template [default: as it is; messages always are]." };
        var samples = new Option<int>("--samples") { Description = "Completions a prompt.", DefaultValueFactory = _ => 1 };
        var seed = new Option<long>("--seed") { Description = "Of the random numbers: the same seed gives the same text.", DefaultValueFactory = _ => 1 };
        var maxTokens = new Option<int>("--max-tokens") { Description = "Longest completion.", DefaultValueFactory = _ => defaults.MaxTokens };
        var temperature = new Option<double>("--temperature") { Description = "0 takes the likeliest token.", DefaultValueFactory = _ => defaults.Temperature };
        var topP = new Option<double>("--top-p") { Description = "Share of the probability to sample from.", DefaultValueFactory = _ => defaults.TopP };
        var topK = new Option<int>("--top-k") { Description = "Likeliest tokens to sample from; 0 for all.", DefaultValueFactory = _ => defaults.TopK };
        var minP = new Option<double>("--min-p") { Description = "Share of the likeliest token's probability that others need.", DefaultValueFactory = _ => defaults.MinP };
        var penalty = new Option<double>("--repetition-penalty") { Description = "Above 1 against repetition.", DefaultValueFactory = _ => defaults.RepetitionPenalty };
        var stop = new Option<string[]>("--stop") { Description = "A text that ends a completion; may be given several times.", DefaultValueFactory = _ => [] };
        var threads = new Option<int>("--threads") { Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var device = new Option<string>("--device") { Description = "cpu, or cuda.", DefaultValueFactory = _ => "cpu" };

        var command = new RootCommand("Samples completions of a model.") { prompt };
        foreach (var option in (Option[])[model, file, to, chat, samples, seed, maxTokens, temperature, topP, topK, minP, penalty, stop, threads, device])
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var sampling = defaults with
            {
                MaxTokens = parsed.GetValue(maxTokens), Temperature = parsed.GetValue(temperature), TopP = parsed.GetValue(topP), TopK = parsed.GetValue(topK),
                MinP = parsed.GetValue(minP), RepetitionPenalty = parsed.GetValue(penalty), Stop = parsed.GetValue(stop)!,
            };
            OptionsValidation.Check(sampling, "the command line");
            var request = new GenerateRequest(parsed.GetValue(model)!, sampling)
            {
                Chat = parsed.GetValue(chat), Samples = parsed.GetValue(samples), Seed = unchecked((ulong)parsed.GetValue(seed)),
                Threads = parsed.GetValue(threads), Device = parsed.GetValue(device)!,
            };
            switch (parsed.GetValue(prompt), parsed.GetValue(file), parsed.GetValue(to))
            {
                case ({ Length: > 0 } text, null, null): Generation.ToTerminal(request, text, Console.Out); break;
                case (null, { } path, { } output): Generation.ToFile(request, path, output); break;
                default: throw new ConfigException(StageErrors.OptionInvalid, "Give a prompt, or --prompts FILE with --out FILE; `pipeline generate --help` shows the rest.");
            }
            return StageExit.Done;
        });
        try
        {
            var parsed = command.Parse([.. arguments]);
            foreach (var error in parsed.Errors) Console.Error.WriteLine($"error {StageErrors.OptionInvalid}: {error.Message}");
            return parsed.Errors.Count > 0 ? StageExit.Config : parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception error)
        {
            var failure = Failure.Of(error);
            Console.Error.WriteLine($"error {failure.Code}: {failure.Message}");
            return failure.ExitCode;
        }
    }
}
