using System.Diagnostics;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Integration;

/// <summary>MQTT 5 by a client that shares no line with ours: Node's <c>mqtt</c>, which <c>.ci/run</c> installs under artifacts/node.</summary>
public class NodeClientTests
{
    private static readonly string Package = Path.Combine(Repository.Root, "artifacts/node/node_modules/mqtt");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_of_Nodes_client_gets_its_reply_with_every_property()
    {
        Assert.SkipUnless(Directory.Exists(Package), "Node's mqtt is not installed (npm install --prefix artifacts/node mqtt@5).");
        string? asked = null;
        var runner = new ScriptedRunner((c, _) =>
        {
            asked = c.Origin;
            return ScriptedRunner.Said(c, $"Heard: {c.Text}");
        });
        await using var edge = await TestEdge.StartAsync(runner, Token);
        string script = Path.Combine(Repository.Root, "Edge.Tests/Integration/node-request.js");
        using var node = Process.Start(new ProcessStartInfo("node", [script, Package, $"{edge.Port}", "turn on the light"]) { RedirectStandardOutput = true })!;
        var answer = TestHouse.Json(await node.StandardOutput.ReadToEndAsync(Token));
        Assert.Equal("node/reply", answer.GetProperty("topic").GetString());
        Assert.Equal((1, false), (answer.GetProperty("qos").GetInt32(), answer.GetProperty("retain").GetBoolean()));
        Assert.Equal("[0,1,255]", answer.GetProperty("correlation").GetRawText());
        Assert.Equal("application/json", answer.GetProperty("contentType").GetString());
        Assert.Equal("Heard: turn on the light", answer.GetProperty("reply").GetProperty("sentence").GetString());
        Assert.Equal("mqtt:panel", asked);
    }
}
