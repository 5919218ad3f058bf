namespace OurTorrent.Trackers;

/// <summary>Gets what an HTTP URL names.</summary>
internal interface IHttpGetter
{
    /// <summary>Gets a URL, following redirects.</summary>
    /// <param name="url">The URL; its path and query are sent as they are.</param>
    /// <param name="maxBytes">The longest body that is read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TrackerException">There was no answer, or it is too long.</exception>
    Task<HttpAnswer> GetAsync(Uri url, int maxBytes, CancellationToken cancellationToken);
}

/// <summary>An HTTP answer.</summary>
/// <param name="Status">The status code.</param>
/// <param name="ReasonPhrase">The words beside it; may be empty.</param>
/// <param name="Body">The body, decompressed.</param>
internal sealed record HttpAnswer(int Status, string ReasonPhrase, ReadOnlyMemory<byte> Body);
