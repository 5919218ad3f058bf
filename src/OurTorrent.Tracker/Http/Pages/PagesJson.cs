using System.Text.Json;
using System.Text.Json.Serialization;

namespace OurTorrent.Tracker.Http.Pages;

/// <summary>The JSON documents of the pages.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(OverviewDocument))]
[JsonSerializable(typeof(StatisticsDocument))]
internal sealed partial class PagesJson : JsonSerializerContext;
