using DirectoryPlatform.Accounts;
using MediatR;

namespace DirectoryPlatform.Sites;

/// <summary>What waits for the person's answer, newest first.</summary>
public sealed record ReadSuggestions(AccountId Account) : IRequest<IReadOnlyList<SuggestionView>>;

public sealed record SuggestionView(Guid Id, string Organization, DateTimeOffset MadeAt,
    IReadOnlyDictionary<AccountDetail, string> Details);

/// <summary>The person's own answer (SPEC U7). Accepting changes the details as if the person had typed them; a detail that cannot be
/// changed leaves the suggestion waiting, and its refusal says why.</summary>
public sealed record AnswerSuggestion(AccountId Account, Guid Suggestion, bool Accept, Origin Origin) : IRequest<Outcome<Done>>;
