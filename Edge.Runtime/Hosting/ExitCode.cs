namespace Edge.Runtime.Hosting;

/// <summary>What the process tells its caller; README lists them.</summary>
public static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command was refused, or some of it was denied or failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>No broker to serve or to reach, or no reply in time.</summary>
    public const int NoBroker = 3;

    /// <summary>A setting or a file it names is wrong: EX_CONFIG of sysexits.h. systemd does not start the service again.</summary>
    public const int WrongSetting = 78;
}
