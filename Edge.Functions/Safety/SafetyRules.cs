namespace Edge.Functions.Safety;

/// <summary>What to do about the outputs in trouble.</summary>
public enum TroubleResponse
{
    Keep,

    /// <summary>Every output to its safe value.</summary>
    Safe,
}

/// <summary>The rules of the house as a whole; those of a device stand with the device.</summary>
/// <param name="ActionsMax">Of one call; a group in a big house is the most anybody needs.</param>
/// <param name="Interlocks">Which devices exclude each other.</param>
/// <param name="ConfirmTime">How long a question stands.</param>
/// <param name="Pin">Null for none.</param>
/// <param name="BrokerLost">When the broker has been away for <paramref name="BrokerLostAfter"/>.</param>
/// <param name="ModelFault">When the model or its grammar breaks.</param>
/// <param name="TemperatureMax">Of the board in °C: from here outputs go and stay safe, until it is 5 °C cooler.</param>
public sealed record SafetyRules(
    int ActionsMax,
    IReadOnlyList<Interlock> Interlocks,
    TimeSpan ConfirmTime,
    string? Pin,
    TroubleResponse BrokerLost,
    TimeSpan BrokerLostAfter,
    TroubleResponse ModelFault,
    double TemperatureMax)
{
    public const int ActionsMaxDefault = 256;

    /// <summary>A Pi 5 throttles at 85 °C; the Pi's own relays and drivers suffer in the same box.</summary>
    public const double TemperatureMaxDefault = 85;

    public static readonly SafetyRules Default = new(
        ActionsMaxDefault, [], TimeSpan.FromSeconds(30), null, TroubleResponse.Keep, TimeSpan.FromMinutes(1), TroubleResponse.Safe, TemperatureMaxDefault);
}
