using Edge.Runtime.Mqtt;
using Xunit;

namespace Edge.Tests.Mqtt;

public class AdmissionTests
{
    private static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_retained_message_is_refused() =>
        Assert.StartsWith("Retained commands are refused", Admission.Refusal(Message() with { Retain = true }, 100, AgeMax), StringComparison.Ordinal);

    [Fact]
    public void A_payload_over_the_limit_is_refused_and_one_at_it_is_not()
    {
        Assert.Null(Admission.Refusal(new CommandMessage(new byte[100]), 100, AgeMax));
        Assert.Equal("The payload has 101 bytes; 100 are allowed (mqtt.payloadBytesMax).", Admission.Refusal(new CommandMessage(new byte[101]), 100, AgeMax));
    }

    [Fact]
    public void What_may_have_waited_too_long_is_refused() =>
        Assert.StartsWith("The command may have waited in the broker longer than 60 s", Admission.Refusal(Message() with { MayBeOld = true }, 100, AgeMax), StringComparison.Ordinal);

    [Fact]
    public void A_redelivery_that_nothing_tells_from_another_is_refused()
    {
        Assert.Contains("may have been done already", Admission.RefusalOfNameless(Message() with { Duplicate = true }, hasId: false), StringComparison.Ordinal);
        Assert.Null(Admission.RefusalOfNameless(Message() with { Duplicate = true }, hasId: true));
        Assert.Null(Admission.RefusalOfNameless(Message() with { Duplicate = true, CorrelationData = [1] }, hasId: false));
        Assert.Null(Admission.RefusalOfNameless(Message(), hasId: false));
    }

    private static CommandMessage Message() => new("on"u8.ToArray());
}
