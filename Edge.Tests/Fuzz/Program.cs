using System.Diagnostics;
using Edge.Tests.Fuzz;
using SharpFuzz;

// schema, matcher, safetensors: a target, driven by afl-fuzz through a pipe (see README.md); "seeds FOLDER": inputs to begin with; "replay TARGET FILE…": inputs that were found.
Action<byte[]> Target(string name) => name switch
{
    "schema" => SchemaTarget.Run,
    "matcher" => MatcherTarget.Run,
    "safetensors" => SafetensorsTarget.Run,
    _ => throw new ArgumentException($"There is no target {name}; use schema, matcher or safetensors."),
};

switch (args)
{
    case ["seeds", var folder]:
        Seeds.Write(folder);
        break;
    case ["replay", var name, .. var files]:
        foreach (string file in files)
        {
            long start = Stopwatch.GetTimestamp();
            Target(name)(File.ReadAllBytes(file));
            Console.WriteLine($"{file}: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms");
        }

        break;
    case [var name]:
        var run = Target(name);
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            run(input.ToArray());
        });
        break;
    default:
        Console.Error.WriteLine("Use: schema, matcher, safetensors, seeds FOLDER, or replay TARGET FILE…");
        return 2;
}

return 0;
