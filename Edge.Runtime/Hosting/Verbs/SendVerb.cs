using System.CommandLine;
using System.Text.Json;
using Edge.Runtime.Mqtt;

namespace Edge.Runtime.Hosting.Verbs;

/// <summary><c>edge send</c>: a command by way of the broker, as any client would send it.</summary>
internal static class SendVerb
{
    public static System.CommandLine.Command Create()
    {
        var usual = new MqttOptions();
        var text = CommonOptions.Sentence();
        var json = CommonOptions.Json();
        var config = new Option<string?>("--config") { Description = "Settings whose broker, password and certificates to use.", HelpName = "edge.yaml" };
        var host = new Option<string>("--host") { Description = "The broker.", DefaultValueFactory = _ => usual.Host };
        var port = new Option<int>("--port") { Description = "The broker's port.", DefaultValueFactory = _ => usual.Port };
        var id = new Option<string>("--id") { Description = "Which Edge.", DefaultValueFactory = _ => usual.Id };
        var timeout = new Option<double>("--timeout") { Description = "Seconds to wait for the reply.", DefaultValueFactory = _ => 40 };
        port.Validators.Add(r => Check(r, r.GetValueOrDefault<int>() is >= 1 and <= 65535, "--port", "use 1 to 65535"));
        id.Validators.Add(r => Check(r, Topics.IsId(r.GetValueOrDefault<string>() ?? ""), "--id", Topics.IdRule));
        timeout.Validators.Add(r => Check(r, r.GetValueOrDefault<double>() is > 0 and <= 3600, "--timeout", "use seconds, more than 0, at most 3600"));
        var verb = new System.CommandLine.Command("send", "Send a command over MQTT, wait for its reply and print it.") { text, json, config, host, port, id, timeout };
        verb.SetAction((parsed, cancelled) => RunAsync(
            parsed.GetValue(config),
            mqtt => mqtt with
            {
                Id = parsed.GetResult(id) is { Implicit: false } ? parsed.GetValue(id)! : mqtt.Id,
                Host = parsed.GetResult(host) is { Implicit: false } ? parsed.GetValue(host)! : mqtt.Host,
                Port = parsed.GetResult(port) is { Implicit: false } ? parsed.GetValue(port) : mqtt.Port,
            },
            parsed.GetValue(text)!,
            TimeSpan.FromSeconds(parsed.GetValue(timeout)),
            parsed.GetValue(json),
            cancelled));
        return verb;
    }

    private static void Check(System.CommandLine.Parsing.OptionResult result, bool right, string name, string wayOut)
    {
        if (!right && !result.Errors.Any())
        {
            result.AddError($"{name} is {(result.Tokens.Count > 0 ? result.Tokens[0].Value : "missing")}; {wayOut}.");
        }
    }

    private static async Task<int> RunAsync(string? config, Func<MqttOptions, MqttOptions> named, string text, TimeSpan timeout, bool json, CancellationToken cancelled)
    {
        var settings = config is null ? null : EdgeSettings.Load(config);
        foreach (var fault in settings?.Faults ?? [])
        {
            await Console.Error.WriteLineAsync(fault.Message);
        }

        if (settings?.Faults.Count > 0)
        {
            return ExitCode.WrongSetting;
        }

        var broker = named(settings?.Options.Mqtt ?? new MqttOptions());
        try
        {
            string reply = await BrokerRequest.AskAsync(broker, text, timeout, TimeProvider.System, cancelled);
            using var document = JsonDocument.Parse(reply);
            Console.WriteLine(json ? reply : document.RootElement.GetProperty("sentence").GetString());
            return document.RootElement.GetProperty("status").GetString() == "ok" ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (BrokerException fault)
        {
            return Faults.Print(ExitCode.NoBroker, fault.Message);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Faults.Print(ExitCode.Failed, $"The reply is not one of Edge's: {fault.Message}");
        }
        catch (OperationCanceledException)
        {
            return Faults.Print(ExitCode.Failed, "Stopped waiting; the command may still be done.");
        }
    }
}
