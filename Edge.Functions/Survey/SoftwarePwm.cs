using Edge.Functions.Devices;
using Edge.Functions.Pwm;

namespace Edge.Functions.Survey;

/// <summary>Names every device whose PWM is made by software, and what that means for it.</summary>
public static class SoftwarePwm
{
    public static IEnumerable<string> Notices(IEnumerable<DeviceDeclaration> devices)
    {
        foreach (var device in devices)
        {
            var (pwm, effect) = device.Wiring switch
            {
                Wiring.Level level => (level.Pwm, "it may flicker on a busy board"),
                Wiring.Servo servo => (servo.Pwm, "it will tremble"),
                Wiring.Tone tone => (tone.Pwm, "its tones are rough"),
                _ => (null, ""),
            };
            if (pwm is { IsSoftware: true })
            {
                yield return $"{device.Name} has {pwm}: {effect}; hardware PWM is steady (GPIO 12 and 13, or a pca9685) ({device.Place}).";
            }
        }
    }
}
