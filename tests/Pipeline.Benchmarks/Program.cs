// How fast the training plane is on this machine:  dotnet run -c Release --project tests/Pipeline.Benchmarks [threads]
// Every rate is the best of several, because other programs can only make a machine look slower than it is.
using System.Diagnostics;
using Pipeline.Benchmarks;
using Pipeline.Benchmarks.Durability;
using Pipeline.Store;
using TorchSharp;

if (args is ["durability", ..]) // the control plane's budgets; with postgres://… of an empty database, those of a journal there
{
    Environment.ExitCode = await (args is [_, var address] ? Budgets.MeasureOn(PostgresAddress.Parse(address)) : Budgets.Measure()) ? 0 : 1;
    return;
}

if (args is ["sampling", ..]) // sampling [repetitions], or sampling context BATCH: with peers in between, so by itself
{
    torch.set_num_threads(Environment.ProcessorCount);
    if (args is [_, "context", var batch]) SamplingRates.PrintContextCost(int.Parse(batch));
    else SamplingRates.Print(args.Length > 1 ? int.Parse(args[1]) : 3);
    return;
}

if (args is ["memory", ..]) // memory, every case; memory NAME, one
{
    if (args is [_, var name]) TrainingMemory.Print(name);
    else TrainingMemory.PrintAll();
    return;
}

var threads = args.Length > 0 ? int.Parse(args[0]) : Environment.ProcessorCount;
torch.set_num_threads(threads);

var peak = MatrixPeak.Measure();
Console.WriteLine($"matrix multiply  {peak / 1e9,8:F0} GFLOP/s   float32, {threads} threads");

var (parameters, trained, flops) = TrainingThroughput.Measure();
peak = Math.Max(peak, MatrixPeak.Measure()); // again, so that a quiet moment helps both sides
Console.WriteLine($"training         {trained,8:F0} tokens/s   {parameters / 1e6:F1}M parameters, {flops / 1e9:F0} GFLOP/s, {flops / peak:P0} of {peak / 1e9:F0}");

var sampled = Enumerable.Range(0, 10).Max(_ => SamplingThroughput.TokensPerSecond(batch: 256, newTokens: 48));
Console.WriteLine($"sampling         {sampled,8:F0} tokens/s   batch 256, 4 layers x 128, 4 heads on 2");

using var process = Process.GetCurrentProcess();
Console.WriteLine($"peak memory      {process.PeakWorkingSet64 >> 20,8} MB");
