using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>Where the kernel lets the running program's threads run.</summary>
public sealed class ThreadsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_model_s_threads_have_its_cores_and_all_others_those_for_lines_and_hub()
    {
        int[] cores = Cores(File.ReadAllText("/proc/self/status"));
        Assert.SkipUnless(cores.Length > 1, "This machine has one core for the tests.");
        (string model, string io) = ($"{cores[^1]}", $"{cores[0]}");
        int port = FreePort.Find();
        await using var edge = await EdgeProcess.RunAsync(
            $"gpio: {{driver: simulated}}\nmqtt: {{port: {port}}}\nmodel: {{threads: 2}}\nboard: {{cores: {{model: {model}, io: {io}}}}}\ndevices: [{{name: lamp, kind: light, line: 17}}]\n", Token);

        // Commands of several clients at once have the runtime start threads of its own.
        var clients = new List<TestClient>();
        for (int i = 0; i < 8; i++)
        {
            clients.Add(await (await TestClient.ConnectAsync(port, Token)).SubscribeAsync($"reply/{i}", Token));
        }

        for (int round = 0; round < 4; round++)
        {
            for (int i = 0; i < clients.Count; i++)
            {
                await clients[i].PublishAsync("edge/home/command", $$"""{"id":"{{round}}-{{i}}","text":"turn on the lamp"}""", Token);
            }
        }

        await using var last = await (await TestClient.ConnectAsync(port, Token)).SubscribeAsync("edge/home/reply", Token);
        await last.PublishAsync("edge/home/command", """{"id":"last","text":"turn off the lamp"}""", Token);
        while (!System.Text.Encoding.UTF8.GetString(System.Buffers.BuffersExtensions.ToArray((await last.NextAsync(Token)).Payload)).Contains("\"last\"", StringComparison.Ordinal))
        {
        }

        var threads = Directory.EnumerateDirectories($"/proc/{edge.Id}/task").Select(Read).OfType<(string Name, string Allowed)>().ToList();
        Assert.Single(threads, t => t.Name == "commands");
        Assert.Contains(threads, t => t.Name == "model");
        Assert.All(threads.Where(t => t.Name is "model" or "commands"), t => Assert.Equal((t.Name, model), t));
        Assert.All(threads.Where(t => t.Name is not ("model" or "commands")), t => Assert.Equal((t.Name, io), t));
        Assert.True(threads.Count > 6, $"Only {threads.Count} threads were seen.");
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    /// <returns>Null for a thread that has just ended.</returns>
    private static (string Name, string Allowed)? Read(string task)
    {
        try
        {
            string status = File.ReadAllText(Path.Combine(task, "status"));
            return (Line(status, "Name:"), Line(status, "Cpus_allowed_list:"));
        }
        catch (Exception e) when (e is IOException)
        {
            return null;
        }
    }

    private static string Line(string status, string name) => status.Split('\n').First(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();

    private static int[] Cores(string status) => [.. Line(status, "Cpus_allowed_list:").Split(',').Select(r => r.Split('-')).SelectMany(r => Enumerable.Range(int.Parse(r[0]), int.Parse(r[^1]) - int.Parse(r[0]) + 1))];
}
