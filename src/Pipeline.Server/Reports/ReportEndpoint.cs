namespace Pipeline.Server.Reports;
internal static class ReportEndpoint
{
    public static void MapReport(this IEndpointRouteBuilder api) { }
}
