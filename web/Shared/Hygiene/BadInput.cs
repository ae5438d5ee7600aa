using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace DirectoryPlatform.Web.Hygiene;

/// <summary>What no page wants to see and no database column can hold: a NUL, or half of a character.</summary>
static class BadInput
{
    public static bool IsText(string? text)
    {
        for (var i = 0; i < text?.Length; i++)
        {
            if (text[i] == '\0' || char.IsLowSurrogate(text[i])) return false;
            if (char.IsHighSurrogate(text[i]) && (++i == text.Length || !char.IsLowSurrogate(text[i]))) return false;
        }
        return true;
    }

    public static bool AreText(IEnumerable<KeyValuePair<string, StringValues>> fields) =>
        fields.All(f => IsText(f.Key) && f.Value.All(IsText));

    /// <summary>A request that the server itself could not read is the sender's fault and never a 500; while the database is away nobody is
    /// let in, and nothing is broken.</summary>
    public static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        NoLongerAdmittedException => StatusCodes.Status401Unauthorized,
        _ when Database.IsAway(exception) => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>Whether this is an error page being made for a request that was judged already.</summary>
    public static bool IsErrorPage(HttpContext http) => http.Features.Get<IStatusCodeReExecuteFeature>() is not null
        || http.Features.Get<IExceptionHandlerFeature>() is not null;
}

/// <summary>Refuses addresses whose query is no text.</summary>
sealed class BadQueries(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (BadInput.IsErrorPage(http)
            || (BadInput.AreText(http.Request.Query) && http.Request.RouteValues.Values.All(v => BadInput.IsText(v as string))))
            return next(http);
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }
}

/// <summary>Reads every form once, behind the gate: a body that is too large, torn or no text is answered here with a clear page.</summary>
sealed class BadForms(RequestDelegate next)
{
    static readonly FormOptions Many = new() { ValueLengthLimit = BodyLimit.ValueCharacters, ValueCountLimit = BodyLimit.ManyValues };

    public async Task InvokeAsync(HttpContext http)
    {
        if (BadInput.IsErrorPage(http) || await Judge(http) is not { } status) await next(http);
        else http.Response.StatusCode = status;
    }

    static async Task<int?> Judge(HttpContext http)
    {
        if (http.Request.ContentLength > BodyLimit.Bytes)
        {
            if (http.Request.ContentLength <= BodyLimit.DrainedBytes) await Drain(http);
            return StatusCodes.Status413PayloadTooLarge;
        }
        if (!http.Request.HasFormContentType) return null;
        if (http.GetEndpoint()?.Metadata.GetMetadata<TakesManyValuesAttribute>() is not null)
            http.Features.Set<IFormFeature>(new FormFeature(http.Request, Many));
        try
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            // A file's name is kept and shown as well.
            return BadInput.AreText(form) && form.Files.All(f => BadInput.IsText(f.Name) && BadInput.IsText(f.FileName))
                ? null : StatusCodes.Status400BadRequest;
        }
        catch (BadHttpRequestException bad)
        {
            return bad.StatusCode;
        }
        catch (InvalidDataException)
        {
            return StatusCodes.Status400BadRequest;
        }
        catch (IOException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return StatusCodes.Status400BadRequest;
        }
    }

    static async Task Drain(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = BodyLimit.DrainedBytes;
        await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
    }
}
