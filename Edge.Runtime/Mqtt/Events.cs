using System.Text;
using System.Text.Json.Nodes;
using Edge.Functions.Handlers;
using Edge.Runtime.Commands;
using MQTTnet;
using MQTTnet.Protocol;

namespace Edge.Runtime.Mqtt;

/// <summary>What a hub should know and no state tells: questions that wait for an answer, and what was asked for and not done.</summary>
internal sealed class Events(Topics topics, BrokerLink link)
{
    public const string Confirmation = "confirmation";
    public const string Denied = "denied";
    public const string Failed = "failed";
    public const string Busy = "busy";

    public static IReadOnlyList<string> Types { get; } = [Confirmation, Denied, Failed, Busy];

    public static string TypeOf(ReplyStatus status, FunctionResult? result) => (status, result) switch
    {
        (ReplyStatus.Busy, _) => Busy,
        (_, FunctionResult.Asked) => Confirmation,
        (ReplyStatus.Refused, _) or (_, FunctionResult.Denied) => Denied,
        _ => Failed,
    };

    /// <summary>Puts an event on its way. Events are not kept for those who were not listening; while the broker is away only the newest few wait.</summary>
    /// <param name="id">The command's; null for none.</param>
    /// <param name="device">Null where no single one is meant.</param>
    public void Add(string type, string sentence, string caller, string? id, string? device)
    {
        var json = new JsonObject { ["event_type"] = type, ["sentence"] = sentence, ["caller"] = caller };
        if (id is not null)
        {
            json["id"] = id;
        }

        if (device is not null)
        {
            json["device"] = device;
        }

        link.Outbox.AddEvent(new MqttApplicationMessageBuilder()
            .WithTopic(topics.Event)
            .WithPayload(Encoding.UTF8.GetBytes(json.ToJsonString()))
            .WithContentType("application/json")
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build());
    }

    /// <summary>Tells of a command's results that are not done.</summary>
    public void OnAnswered(Command command, Reply reply)
    {
        foreach (var result in reply.Results.Where(r => r is not FunctionResult.Done))
        {
            Add(TypeOf(reply.Status, result), result.Sentence, command.Origin, command.Id, null);
        }
    }
}
