using BenchmarkDotNet.Running;
using Edge.Tests.Benchmarks;

// "masks" and "decode" print distributions and ratios of one run; everything else is BenchmarkDotNet's command line.
switch (args.FirstOrDefault())
{
    case "masks":
        MaskLatencies.Run(args.Skip(1).ToArray());
        break;
    case "decode":
        DecodeComparison.Run(args.Skip(1).ToArray());
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
