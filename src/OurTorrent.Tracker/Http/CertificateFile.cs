using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OurTorrent.Tracker.Http;

/// <summary>Reads the certificate for HTTPS.</summary>
internal static class CertificateFile
{
    /// <summary>Reads a certificate with its private key.</summary>
    /// <param name="options">Names the files.</param>
    /// <exception cref="TrackerException">It cannot be read, or has no private key.</exception>
    public static X509Certificate2 Load(HttpOptions options)
    {
        string path = options.CertificateFile!;
        try
        {
            X509Certificate2 certificate = IsPkcs12(path)
                ? X509CertificateLoader.LoadPkcs12FromFile(path, options.CertificatePassword)
                : options.CertificatePassword is { } password
                    ? X509Certificate2.CreateFromEncryptedPemFile(path, password, options.CertificateKeyFile)
                    : X509Certificate2.CreateFromPemFile(path, options.CertificateKeyFile);
            if (certificate.HasPrivateKey)
                return certificate;

            certificate.Dispose();
            throw new TrackerException(
                TrackerErrorReason.InvalidCertificate, $"The certificate {path} has no private key: name the file of the key too.");
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new TrackerException(
                TrackerErrorReason.InvalidCertificate, $"The certificate {path} cannot be read: {error.Message}", error);
        }
    }

    private static bool IsPkcs12(string path) =>
        Path.GetExtension(path) is { } extension &&
        (extension.Equals(".pfx", StringComparison.OrdinalIgnoreCase) || extension.Equals(".p12", StringComparison.OrdinalIgnoreCase));
}
