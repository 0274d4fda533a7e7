using System.CommandLine;
using Pipeline.Spec.Estimates;

namespace Pipeline.Cli.Planning;

/// <summary>What <c>plan</c> is told of the machine, its price, and of models that are not there yet.</summary>
internal sealed class EstimateOptions
{
    private static readonly EstimateSettings s_defaults = new();

    private readonly Option<double> _tflops = Positive("--device-tflops", "Peak of one device in 10^12 operations a second [989: H100, dense bfloat16].", "N", s_defaults.DeviceTflops);
    private readonly Option<double> _utilisation = Positive("--utilisation", "Share of the peak that training reaches.", "SHARE", s_defaults.Utilisation);
    private readonly Option<double> _sampling = Positive("--sampling-utilisation", "Share of the peak that sampling reaches.", "SHARE", s_defaults.SamplingUtilisation);
    private readonly Option<double?> _price = new("--price-per-gpu-hour") { Description = "Price of one device for one hour; tells the costs.", HelpName = "PRICE" };
    private readonly Option<long?> _vocabulary = new("--vocabulary") { Description = "Tokens of a vocabulary that a stage makes.", HelpName = "N" };
    private readonly Option<string?> _model = new("--model") { Description = "A folder whose config.json stands for models that are not there yet.", HelpName = "DIR" };

    public EstimateOptions(Command command)
    {
        foreach (var option in (Option[])[_tflops, _utilisation, _sampling, _price, _vocabulary, _model]) command.Options.Add(option);
    }

    public EstimateSettings Read(ParseResult parsed) => new()
    {
        DeviceTflops = parsed.GetValue(_tflops),
        Utilisation = parsed.GetValue(_utilisation),
        SamplingUtilisation = parsed.GetValue(_sampling),
        PricePerGpuHour = parsed.GetValue(_price),
        Vocabulary = parsed.GetValue(_vocabulary),
        Model = parsed.GetValue(_model) is not { } folder ? null : InputFacts.Model(folder)
            ?? throw new CliException("PLAN_MODEL", $"{folder} has no config.json with the sizes of a model. Give a folder in Hugging Face's layout.", ExitCode.Usage),
    };

    private static Option<double> Positive(string name, string description, string help, double preset)
    {
        var option = new Option<double>(name) { Description = description, HelpName = help, DefaultValueFactory = _ => preset };
        option.Validators.Add(result =>
        {
            if (!(result.GetValueOrDefault<double>() > 0)) result.AddError($"{name} must be above 0.");
        });
        return option;
    }
}
