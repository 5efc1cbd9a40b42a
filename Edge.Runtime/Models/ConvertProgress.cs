namespace Edge.Runtime.Models;

/// <summary>How far a conversion is.</summary>
/// <param name="Step">What is done now: a tensor's name, or a word.</param>
/// <param name="BytesDone">Of the source's weights.</param>
/// <param name="BytesTotal">Of the source's weights.</param>
public readonly record struct ConvertProgress(string Step, long BytesDone, long BytesTotal);
