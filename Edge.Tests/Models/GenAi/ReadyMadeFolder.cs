using System.Text.Json.Nodes;
using Edge.Runtime.Models;
using Edge.Runtime.Models.Onnx;
using Google.Protobuf;
using Attribute = Edge.Runtime.Models.Onnx.Attribute;

namespace Edge.Tests.Models.GenAi;

/// <summary>
/// A folder in onnxruntime-genai's layout, made of a converted one: the same layers behind the inputs and outputs that its model builder gives a graph,
/// which counts the cache from the mask, answers at every token, and may keep keys and values as halves.
/// </summary>
internal static class ReadyMadeFolder
{
    public static void Write(ModelFolder from, string output, bool halves = false, bool sharesBuffer = true, bool positions = true, Action<JsonObject>? change = null)
    {
        Directory.CreateDirectory(output);
        var model = Model.Parser.ParseFrom(File.ReadAllBytes(from.OnnxPath));
        Rewire(model.Graph, halves, positions);
        File.WriteAllBytes(Path.Combine(output, "model.onnx"), model.ToByteArray());
        File.Copy(Path.Combine(from.FullName, ModelFolder.WeightsFile), Path.Combine(output, ModelFolder.WeightsFile));
        File.Copy(Path.Combine(from.FullName, "tokenizer.json"), Path.Combine(output, "tokenizer.json"));
        if (File.Exists(Path.Combine(from.FullName, "tokenizer_config.json")))
        {
            File.Copy(Path.Combine(from.FullName, "tokenizer_config.json"), Path.Combine(output, "tokenizer_config.json"));
        }

        var config = Config(from.Config, sharesBuffer);
        change?.Invoke(config);
        File.WriteAllText(Path.Combine(output, "genai_config.json"), config.ToJsonString());
    }

    private static void Rewire(Graph graph, bool halves, bool positions)
    {
        foreach (string name in (string[])["logits_at", "seqlens_k", "total_sequence_length", "branch_bias", "position_ids"])
        {
            graph.Input.Remove(graph.Input.First(i => i.Name == name));
        }

        graph.Input.Add(Port("attention_mask", 7, 1, "total"));
        if (positions)
        {
            graph.Input.Add(Port("position_ids", 7, 1, "sequence"));
        }

        // seqlens_k = sum of the mask - 1; total_sequence_length = its width.
        List<Node> head =
        [
            Node("ReduceSum", "mask.sum", ["attention_mask", "axis.one"], ("keepdims", 0)),
            Node("Sub", "mask.last", ["mask.sum", "one"]),
            Node("Cast", "seqlens_k", ["mask.last"], ("to", 6)),
            Node("Shape", "mask.width", ["attention_mask"], ("start", 1), ("end", 2)),
            Node("Cast", "total_sequence_length", ["mask.width"], ("to", 6)),
            Node("Shape", "ids.width", ["input_ids"], ("start", 1), ("end", 2)),
            Node("Squeeze", "ids.count", ["ids.width"]),
            Node("Range", "logits_at", ["zero", "ids.count", "step"]),
            Node("Concat", "bias.shape", ["one", "one", "ids.width", "ids.width"], ("axis", 0)),
            Node("ConstantOfShape", "branch_bias", ["bias.shape"]),
        ];
        if (!positions)
        {
            head.AddRange(
            [
                Node("Sub", "past.width", ["mask.width", "ids.width"]),
                Node("Add", "positions.row", ["logits_at", "past.width"]),
                Node("Unsqueeze", "position_ids", ["positions.row", "axis.zero"]),
            ]);
        }

        graph.Initializer.Add(Longs("one", 1));
        graph.Initializer.Add(Longs("axis.one", 1));
        graph.Initializer.Add(Longs("axis.zero", 0));
        graph.Initializer.Add(new Tensor { Name = "zero", DataType = 7, Int64Data = { 0 } });
        graph.Initializer.Add(new Tensor { Name = "step", DataType = 7, Int64Data = { 1 } });
        Node[] body = [.. graph.Node];
        graph.Node.Clear();
        graph.Node.AddRange(head);
        graph.Node.AddRange(body);
        if (halves)
        {
            ToHalves(graph);
        }
    }

    /// <summary>Attention, its cache, and the logits in half precision.</summary>
    private static void ToHalves(Graph graph)
    {
        foreach (var port in graph.Input.Concat(graph.Output).Where(p => p.Name.StartsWith("past", StringComparison.Ordinal) || p.Name.StartsWith("present", StringComparison.Ordinal) || p.Name == "logits"))
        {
            port.Type.TensorType.ElemType = 10;
        }

        var nodes = new List<Node>();
        var cast = new HashSet<string>();
        foreach (var node in graph.Node)
        {
            if (node.OpType == "GroupQueryAttention")
            {
                foreach (int i in (int[])[0, 1, 2, 7, 8, 10])
                {
                    string name = node.Input[i];
                    if (name.Length > 0 && cast.Add(name))
                    {
                        nodes.Add(Node("Cast", $"{name}.half", [name], ("to", 10)));
                    }

                    node.Input[i] = name.Length > 0 ? $"{name}.half" : "";
                }

                string output = node.Output[0];
                node.Output[0] = $"{output}.half";
                nodes.Add(node);
                nodes.Add(Node("Cast", output, [$"{output}.half"], ("to", 1)));
            }
            else
            {
                int at = node.Output.IndexOf("logits");
                nodes.Add(node);
                if (at >= 0)
                {
                    node.Output[at] = "logits.float";
                    nodes.Add(Node("Cast", "logits", ["logits.float"], ("to", 10)));
                }
            }
        }

        graph.Node.Clear();
        graph.Node.AddRange(nodes);
    }

    private static JsonObject Config(ModelConfig config, bool sharesBuffer) => JsonNode.Parse($$"""
        {
          "model": {
            "bos_token_id": 256, "eos_token_id": [257], "pad_token_id": 257, "type": "llama", "vocab_size": {{config.Vocabulary}}, "context_length": {{config.ContextLength}},
            "decoder": {
              "session_options": {"log_id": "onnxruntime-genai", "provider_options": []},
              "filename": "model.onnx", "head_size": {{config.HeadDim}}, "hidden_size": {{config.Hidden}},
              "num_attention_heads": {{config.Heads}}, "num_hidden_layers": {{config.Layers}}, "num_key_value_heads": {{config.KvHeads}},
              "inputs": {"input_ids": "input_ids", "attention_mask": "attention_mask", "position_ids": "position_ids", "past_key_names": "past_key_values.%d.key", "past_value_names": "past_key_values.%d.value"},
              "outputs": {"logits": "logits", "present_key_names": "present.%d.key", "present_value_names": "present.%d.value"}
            }
          },
          "search": {"max_length": {{config.ContextLength}}, "do_sample": false, "past_present_share_buffer": {{(sharesBuffer ? "true" : "false")}}}
        }
        """)!.AsObject();

    private static Node Node(string op, string output, string[] inputs, params (string Name, int Value)[] attributes)
    {
        var node = new Node { OpType = op, Name = $"made.{output}" };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes.Select(a => new Attribute { Name = a.Name, Type = 2, I = a.Value }));
        return node;
    }

    private static Tensor Longs(string name, long value) => new() { Name = name, DataType = 7, Dims = { 1 }, Int64Data = { value } };

    private static Value Port(string name, int type, int first, string second)
    {
        var shape = new Shape();
        shape.Dim.Add(new Dimension { DimValue = first });
        shape.Dim.Add(new Dimension { DimParam = second });
        return new Value { Name = name, Type = new Edge.Runtime.Models.Onnx.ValueType { TensorType = new TensorType { ElemType = type, Shape = shape } } };
    }
}
