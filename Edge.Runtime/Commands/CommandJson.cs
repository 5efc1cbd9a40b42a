using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Edge.Runtime.Commands;

/// <summary>Source-generated JSON, so that trimming keeps what is needed.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class CommandJson : JsonSerializerContext;
