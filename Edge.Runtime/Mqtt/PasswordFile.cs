namespace Edge.Runtime.Mqtt;

/// <summary>The password, read anew at each use, so that it can be changed while the service runs and never stays in an option or a log.</summary>
internal static class PasswordFile
{
    /// <returns>The file's bytes without the line end that editors add.</returns>
    /// <exception cref="BrokerException">The file cannot be read.</exception>
    public static byte[] Read(MqttOptions options)
    {
        try
        {
            byte[] bytes = options.PasswordFile is { } file ? File.ReadAllBytes(file) : [];
            return bytes.AsSpan().TrimEnd("\r\n"u8).ToArray();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BrokerException($"The password file {options.PasswordFile} cannot be read ({fault.Message}); let the service's user read it.", fault);
        }
    }
}
