// A web application with a tracker in it, which says who comes and goes: HostedTracker URL
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OurTorrent.Tracker;
using OurTorrent.Tracker.Hosting;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls(args);
builder.Services.AddTracker(new TrackerOptions { UdpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] });

WebApplication app = builder.Build();
app.MapTracker("/tracker");
app.MapTrackerPages("/status");
app.MapGet("/", (RequestDelegate)(context => context.Response.WriteAsync("Something else is served here too.\n")));

TrackerServer tracker = app.Services.GetRequiredService<TrackerServer>();
tracker.PeerChanged += change => Console.WriteLine($"{change.InfoHash}: {change.Peer} {change.Change}");
await app.StartAsync();
Console.WriteLine($"{app.Urls.First()}/tracker/announce udp://{tracker.UdpEndPoints[0]}/announce");
await app.WaitForShutdownAsync();
