namespace DirectoryPlatform.Web.Api.Document;

/// <summary>What the OpenAPI document says of one route (SPEC P3).
/// Path, method, scope and parameters are read from the route itself.</summary>
/// <param name="Name">operationId: stable, clients are generated from it.</param>
/// <param name="Body">Name of a schema; null for none.</param>
/// <param name="Answers">Status and name of the schema of what is granted; no name for no body.</param>
/// <param name="Errors">Statuses of refusals beside 400, 401, 403 and 429, which every route has.</param>
sealed record Operation(string Method, string Path, string Name, string Group, string Summary, string? Body,
    (int Status, string? Schema)[] Answers, params int[] Errors)
{
    /// <summary>All parameters that the query may have.</summary>
    public IReadOnlyList<Parameter> Query { get; init; } = [];

    /// <summary>Of a search: all members that the body may have; its schema is made from them.</summary>
    public IReadOnlyList<Parameter> Members { get; init; } = [];

    /// <summary>For cursors that a program keeps for months, and that say no more than a place.</summary>
    public bool CursorsLast { get; init; }

    /// <summary>Why a published operation is not here; null for one that is.</summary>
    public string? LeftOut { get; init; }

    /// <summary>Whether the body may be left out.</summary>
    public bool BodyOptional { get; init; }

    /// <summary>For files.</summary>
    public bool Csv { get; init; }
}
