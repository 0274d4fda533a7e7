using Microsoft.AspNetCore.Mvc;
using Pipeline.Datasets;
using Pipeline.Engine;
using Pipeline.Engine.Ports;

namespace Pipeline.Server.Http;

/// <summary>Turns an error into an answer that says what was found and what to try: RFC 9457, with our stable code.</summary>
internal sealed class ApiProblems(RequestDelegate next, ILogger<ApiProblems> log)
{
    public static ServerException NotFound(string message) => new(ServerErrors.NotFound, message);

    public async Task Invoke(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested) { } // nobody listens any more
        catch (Exception error) when (!context.Response.HasStarted)
        {
            var (status, code) = error switch
            {
                EngineException engine => (StatusOf(engine.Code), engine.Code),
                StoreUnavailableException => (StatusCodes.Status503ServiceUnavailable, EngineErrors.JournalUnreachable),
                ServerException server => (StatusOf(server.Code), server.Code),
                DatasetException dataset => (StatusCodes.Status422UnprocessableEntity, dataset.Code),
                BadHttpRequestException request => (request.StatusCode, ServerErrors.QueryInvalid),
                _ => (StatusCodes.Status500InternalServerError, ServerErrors.Internal),
            };
            if (status == StatusCodes.Status500InternalServerError) log.LogError(error, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            context.Response.StatusCode = status;
            await context.Response.WriteAsJsonAsync(
                new ProblemDetails { Status = status, Title = code, Detail = error.Message, Extensions = { ["code"] = code } },
                options: null,
                "application/problem+json");
        }
    }

    private static int StatusOf(string code) => code switch
    {
        EngineErrors.RunUnknown or EngineErrors.StageUnknown or ServerErrors.NotFound => StatusCodes.Status404NotFound,
        ServerErrors.QueryInvalid => StatusCodes.Status400BadRequest,
        EngineErrors.RunState => StatusCodes.Status409Conflict,
        ServerErrors.TokenMissing => StatusCodes.Status401Unauthorized,
        ServerErrors.TooManyGuesses => StatusCodes.Status429TooManyRequests,
        ServerErrors.LinkRefused or ServerErrors.ForeignRequest or ServerErrors.RoleTooLow => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status500InternalServerError,
    };
}
