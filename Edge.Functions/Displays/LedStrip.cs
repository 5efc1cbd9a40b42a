using System.Device.Spi;
using System.Drawing;
using Edge.Functions.Gpio;
using Iot.Device.Ws28xx;

namespace Edge.Functions.Displays;

/// <summary>
/// A strip of WS2812B lights on an SPI bus's data line, dark from the start and again when disposed. The lights cannot be read: what is
/// known is what was sent. Source: Worldsemi WS2812B data sheet (data transfer time, 24-bit composition: green, red, blue).
/// </summary>
public sealed class LedStrip : IDisposable
{
    /// <summary>A bit is three of SPI's: 100 is a zero, 110 a one.</summary>
    public const int ClockHz = 2_400_000;

    /// <summary>The kernel takes 4096 bytes at a time (spidev.bufsiz); a light is 9, and 30 are the pause that ends a picture.</summary>
    public const int LightsMax = 450;

    private readonly SpiDevice? _bus;
    private readonly Ws2812b? _lights;
    private readonly string _place;
    private readonly string _owner;
    private readonly Rgb[] _shown;
    private readonly Lock _gate = new();
    private bool _disposed;

    /// <param name="bus">Null for a strip of memory.</param>
    /// <param name="owner">The device it belongs to, which permits must name.</param>
    /// <exception cref="HardwareFault">The bus refuses.</exception>
    internal LedStrip(SpiDevice? bus, int lights, string place, string owner)
    {
        (_bus, _place, _owner) = (bus, place, owner);
        _lights = bus is null ? null : new Ws2812b(bus, lights);
        _shown = new Rgb[lights];
        GoSafe();
    }

    /// <summary>What was sent last.</summary>
    public IReadOnlyList<Rgb> Shown
    {
        get
        {
            lock (_gate)
            {
                return [.. _shown];
            }
        }
    }

    /// <exception cref="HardwareFault">The bus refuses.</exception>
    public void Write(ReadOnlySpan<Rgb> pixels, Permit permit)
    {
        permit.Demand(_owner);
        Send(pixels);
    }

    /// <summary>Dark; needs no permit.</summary>
    /// <exception cref="HardwareFault">The bus refuses.</exception>
    public void GoSafe() => Send(new Rgb[_shown.Length]);

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            try
            {
                GoSafe();
            }
            catch (HardwareFault)
            {
                // The bus is gone; nothing is left to make dark.
            }

            _disposed = true;
            _bus?.Dispose();
        }
    }

    private void Send(ReadOnlySpan<Rgb> pixels)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                for (int i = 0; i < _shown.Length; i++)
                {
                    _lights?.Image.SetPixel(i, 0, Color.FromArgb(pixels[i].Red, pixels[i].Green, pixels[i].Blue));
                }

                _lights?.Update();
                pixels.CopyTo(_shown);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or UnauthorizedAccessException)
            {
                throw new HardwareFault($"The strip on {_place} cannot be written ({e.Message.TrimEnd('.')}); enable SPI with \"dtparam=spi=on\".", e);
            }
        }
    }
}
