using System.Security.Cryptography;

namespace Edge.Runtime.Models;

/// <summary>A file by its content.</summary>
/// <param name="File">Its name, without a folder.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">64 hexadecimal digits in lower case.</param>
public sealed record FileDigest(string File, long Bytes, string Sha256)
{
    /// <summary>Reads the file once, in pieces.</summary>
    public static FileDigest Of(string path, CancellationToken cancellationToken = default)
    {
        using var stream = System.IO.File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        long bytes = 0;
        for (int count; (count = stream.Read(buffer)) > 0; bytes += count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, count);
        }

        return new FileDigest(Path.GetFileName(path), bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
