using Prometheus;

namespace Pipeline.Server.Monitoring;

/// <summary>The gauges in Prometheus' text format.</summary>
internal static class PrometheusEndpoint
{
    public static void MapPrometheus(this IEndpointRouteBuilder app) =>
        app.MapMetrics("/metrics", app.ServiceProvider.GetRequiredService<StateGauges>().Registry).ExcludeFromDescription();
}
