using Pipeline.Cli;
using Pipeline.Cli.Output;
using Pipeline.Executors.Local;

Daemon.InheritNothing();
// Every job has a shim, which must be there at once: nothing else of this program is loaded for it.
if (args is ["shim", var attemptFolder]) return Shim.Run(attemptFolder);
return await CommandLine.Invoke(args, Terminal.OfProcess());
