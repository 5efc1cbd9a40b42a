namespace Edge.Functions.Sensors;

/// <summary>What a sensor measured, and when.</summary>
/// <param name="Value">In the sensor's unit.</param>
public readonly record struct Reading(double Value, DateTimeOffset At);
