using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using OurTorrent.Bencoding;
using OurTorrent.Tracker.Swarms;

namespace OurTorrent.Tracker.Http;

/// <summary>
/// The counts of all swarms, sent as they are read. The swarms come in no order, since sorting them would take memory for all of
/// them; readers of full scrapes do not mind.
/// </summary>
internal sealed class FullScrape(HttpTracker tracker, HttpSource source, byte[] pathAndQuery)
{
    private const int FlushAt = 32 * 1024;

    /// <summary>Sends them.</summary>
    public async Task SendAsync(IFeatureCollection features, CancellationToken cancellationToken)
    {
        features.GetRequiredFeature<IHttpResponseFeature>().Headers.ContentType = "text/plain";
        IHttpResponseBodyFeature response = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        await response.StartAsync(cancellationToken);
        PipeWriter output = response.Writer;
        var writer = new BencodeWriter(output);
        Write(output, "d5:filesd"u8);
        long unflushed = 0;
        foreach (SwarmSummary swarm in tracker.Swarms.Enumerate())
        {
            if (!tracker.MayBeScraped(swarm.InfoHash, source, pathAndQuery))
                continue;

            writer.Reset(output);
            writer.WriteString(swarm.InfoHash.Span);
            unflushed += writer.BytesWritten;
            writer.Reset(output);
            HttpTracker.WriteCounts(writer, swarm.Counts);
            unflushed += writer.BytesWritten;
            if (unflushed < FlushAt)
                continue;

            unflushed = 0;
            FlushResult flushed = await output.FlushAsync(cancellationToken);
            if (flushed.IsCompleted || flushed.IsCanceled)
                return;
        }

        Write(output, "e5:flags"u8);
        writer.Reset(output);
        tracker.WriteScrapeFlags(writer);
        Write(output, "e"u8);
        await output.FlushAsync(cancellationToken);
    }

    private static void Write(PipeWriter output, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
    }
}
