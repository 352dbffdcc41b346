namespace ClickOrleans.Silo.Http;

/// <summary>
/// What browsers are told to keep from: scripts, styles, pictures and connections from anywhere but this silo, scripts written
/// into a page, framing, guessing of content types.
/// </summary>
/// <remarks>
/// Style attributes stay allowed: the components set sizes and places with them. So do fonts and pictures that stand in a style
/// sheet.
/// </remarks>
internal sealed class PageHeaders(RequestDelegate next)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return next(context);
    }
}
