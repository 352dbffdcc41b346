using ClickOrleans.Pipeline.Composition;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace ClickOrleans.Silo.Http;

/// <summary>A request that fails because log, store or index is out is answered with 503 and the reason.</summary>
internal sealed class OutageHandler(OutageText outages, IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (outages.Of(exception) is not { } reason)
        {
            return false;
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        var problem = new ProblemDetails { Status = StatusCodes.Status503ServiceUnavailable, Detail = reason };
        if (!await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem }))
        {
            // The request accepts no JSON.
            await context.Response.WriteAsync(reason, cancellationToken);
        }

        return true;
    }
}
