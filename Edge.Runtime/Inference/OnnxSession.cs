using Edge.Runtime.Models;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Runtime.Inference;

/// <summary>Opens graphs the way Edge runs them: on the CPU, in the caller's thread and few others.</summary>
internal static class OnnxSession
{
    /// <exception cref="ModelException">ONNX Runtime cannot load the graph.</exception>
    public static InferenceSession Open(string path, DecoderOptions options)
    {
        NativeEnvironment.DisableTelemetry();
        using var session = new SessionOptions
        {
            IntraOpNumThreads = options.ThreadCount,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spin ? "1" : "0");
        try
        {
            var opened = new InferenceSession(path, session);
            NativeEnvironment.ReturnFreeMemory();
            return opened;
        }
        catch (OnnxRuntimeException fault)
        {
            throw new ModelException($"{path} cannot be loaded by ONNX Runtime ({fault.Message.ReplaceLineEndings(" ")}); convert or copy the model again.", fault);
        }
    }
}
