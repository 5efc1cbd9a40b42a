using Edge.Functions.Gpio;
using Edge.Functions.Safety;
using Xunit;

namespace Edge.Tests.Gpio;

/// <summary>The proof is only worth something if nobody else can make it.</summary>
public class PermitTests
{
    [Fact]
    public void Only_the_policy_makes_permits()
    {
        var made = typeof(Permit).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(Permit)) && !t.IsAbstract).ToList();
        var granted = Assert.Single(made);
        Assert.Equal(typeof(SafetyPolicy), granted.DeclaringType);
        Assert.True(granted.IsNestedPrivate);
    }

    [Fact]
    public void Every_public_way_to_write_an_output_asks_for_a_permit()
    {
        foreach (var output in (Type[])[typeof(OutputLine), typeof(Edge.Functions.Pwm.PwmOutput)])
        {
            string[] harmless = ["GoSafe", "Dispose", "Read", "ToString", "GetType", "Equals", "GetHashCode"];
            var methods = output.GetMethods().Where(m => !m.IsStatic && !m.IsSpecialName && !harmless.Contains(m.Name));
            Assert.All(methods, m => Assert.Contains(m.GetParameters(), p => p.ParameterType == typeof(Permit)));
        }
    }
}
