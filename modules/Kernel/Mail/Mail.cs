using System.Net;
using Npgsql;
using NpgsqlTypes;

namespace DirectoryPlatform.Kernel;

/// <summary>A mail to be sent, as text and HTML.</summary>
/// <param name="Text">Plain text; the HTML is made from it: paragraphs by blank lines, links from lines that are an address.</param>
/// <param name="Id">The same id again is the same mail: for listeners, which may hear a fact twice.</param>
public sealed record Mail(string To, string Subject, string Text, Guid? Organization = null, Guid? Id = null)
{
    /// <summary>Queues the mail in the caller's transaction: it is sent if and only if that commits.</summary>
    public NpgsqlBatchCommand Insert(DateTimeOffset now) => new("insert into kernel.mail (id, organization_id, recipient, subject, text, html, created_at, next_at) values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict (id) do nothing")
    {
        Parameters =
        {
            new() { Value = Id ?? Guid.CreateVersion7(now) }, new() { Value = (object?)Organization ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid }, new() { Value = To },
            new() { Value = Subject }, new() { Value = Text }, new() { Value = Html() }, new() { Value = now.UtcDateTime },
        },
    };

    /// <summary>Every kept or waiting mail to these addresses (SPEC A6).</summary>
    public static NpgsqlBatchCommand Forget(string[] recipients) => new("delete from kernel.mail where recipient = any($1)") { Parameters = { new NpgsqlParameter<string[]> { TypedValue = recipients } } };

    string Html()
    {
        var paragraphs = Text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(p => Uri.TryCreate(p, UriKind.Absolute, out var link) && link.Scheme is "http" or "https"
                ? $"""<p><a href="{WebUtility.HtmlEncode(p)}">{WebUtility.HtmlEncode(p)}</a></p>"""
                : $"<p>{WebUtility.HtmlEncode(p).Replace("\n", "<br>")}</p>");
        return $"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{WebUtility.HtmlEncode(Subject)}</title></head><body>{string.Concat(paragraphs)}</body></html>""";
    }
}

/// <summary>Where mail goes (SPEC R8). Without a host, mail stays in the queue; in the demo it goes to the mailbox page.</summary>
public sealed record MailSettings
{
    public string? Host { get; init; }
    public int Port { get; init; } = 587;
    public string? User { get; init; }
    public string? Password { get; init; }
    public bool StartTls { get; init; } = true;
    public string From { get; init; } = "DirectoryPlatform <no-reply@localhost>";

    /// <summary>The demo's mailbox keeps what would be sent, with its links.</summary>
    public bool Mailbox { get; init; }
}
