using BenchmarkDotNet.Running;
using Edge.Tests.Benchmarks;

// "masks", "compile", "memory", "speed", "decode" and "search" print distributions and ratios of one run; everything else is BenchmarkDotNet's command line.
switch (args.FirstOrDefault())
{
    case "masks":
        MaskLatencies.Run(args.Skip(1).ToArray());
        break;
    case "speed":
        DecodeSpeed.Run(args[1]);
        break;
    case "decode":
        DecodeComparison.Run(args.Skip(1).ToArray());
        break;
    case "compile":
        CompileTimes.Run();
        break;
    case "memory":
        GrammarMemory.Run();
        break;
    case "search":
        SearchComparison.Run(args.Skip(1).ToArray());
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(MaskLatencies).Assembly).Run(args);
        break;
}
