using Zxcvbn.Matcher;

namespace DirectoryPlatform.Security.Internal.Passwords;

/// <summary>How long a password stands against guessing, by zxcvbn: its dictionaries of common passwords, names and words, rows of keys,
/// dates, repeats. The weakest are refused whatever the policy says.</summary>
static class PasswordMeter
{
    /// <summary>The estimate's time grows faster than the password; what comes later can only make it stronger (own choice).</summary>
    const int Looked = 64;

    /// <summary>Own choices: names are at most 100 characters (SPEC M3), an address 254.</summary>
    const int MostWords = 16, LongestWord = 64;

    static readonly char[] Between = [' ', '.', '-', '_', '@', '+', '\''];

    /// <summary>Holds the dictionaries, which take a while to read.</summary>
    static readonly Lazy<Zxcvbn.Zxcvbn> Estimator = new(() => new());

    public static MeasuredPassword Measure(string? typed, IEnumerable<string?> about, PolicyRules rules)
    {
        if (PasswordStore.Check(typed) is { } length) return new(PasswordStrength.Weak, null, length);
        var estimate = Estimator.Value.EvaluatePassword(typed!.Length <= Looked ? typed : typed[..Looked], Words(about));
        // A password from the list of common ones stays one, however far down the list it stands.
        var common = estimate.MatchSequence is [DictionaryMatch { DictionaryName: "passwords" }];
        var strength = common ? PasswordStrength.Weak : (PasswordStrength)Math.Clamp(estimate.Score, 0, 4);
        var advice = strength < PasswordStrength.Strong ? Advice(estimate.MatchSequence) : null;
        return new(strength, advice, Refused(strength, rules.Password, advice));
    }

    static InvalidValue? Refused(PasswordStrength strength, PasswordStrength least, string? advice) => strength switch
    {
        PasswordStrength.Weak => new("password", $"This password is too easy to guess. {advice}".Trim()),
        _ when strength < least =>
            new("password", $"Your organization requires a password that is at least {Word(least)}. This one is {Word(strength)}. {advice}"
                .Trim()),
        _ => null,
    };

    public static string Word(PasswordStrength strength) => strength switch
    {
        PasswordStrength.Weak => "weak",
        PasswordStrength.Fair => "fair",
        PasswordStrength.Good => "good",
        PasswordStrength.Strong => "strong",
        PasswordStrength.VeryStrong => "very strong",
    };

    /// <summary>About the longest part that a guesser has at hand, and how to do better.</summary>
    static string Advice(IEnumerable<Zxcvbn.Match> parts) => parts.Where(p => p.Pattern != "bruteforce").MaxBy(p => p.Token.Length) switch
    {
        DictionaryMatch { DictionaryName: "passwords" } =>
            "It is or contains a commonly used password. Use several unrelated words.",
        DictionaryMatch { DictionaryName: "user_inputs" } =>
            "It contains your name, your address or the name of this product. Use several unrelated words.",
        DictionaryMatch { DictionaryName: "male_names" or "female_names" or "surnames" } =>
            "Names are easy to guess. Use several unrelated words.",
        DictionaryMatch => "A single word is easy to guess, even with letters replaced. Add another word or two.",
        { Pattern: "spatial" } => "Keyboard patterns are easy to guess. Use several unrelated words.",
        { Pattern: "repeat" or "sequence" } =>
            "Repeats and sequences such as abc or 1234 are easy to guess. Use several unrelated words.",
        { Pattern: "year" or "date" or "digits" } =>
            "Numbers, years and dates are easy to guess. Use several unrelated words.",
        _ => "Make it longer, for example by adding a word or two.",
    };

    static List<string> Words(IEnumerable<string?> about) =>
    [
        .. about.OfType<string>().Append("DirectoryPlatform")
        .SelectMany(text => text.Split(Between, StringSplitOptions.RemoveEmptyEntries).Prepend(text))
            .Select(word => word.Length <= LongestWord ? word : word[..LongestWord]).Where(word => word.Length > 2)
            .Distinct(StringComparer.OrdinalIgnoreCase).Take(MostWords),
    ];
}

sealed class MeasurePasswordHandler(IMediator mediator, PolicyResolver policies) : IRequestHandler<MeasurePassword, MeasuredPassword>
{
    public async Task<MeasuredPassword> Handle(MeasurePassword query, CancellationToken ct)
    {
        if (query.Account is not { } id) return PasswordMeter.Measure(query.Password, query.About, PolicyRules.WithoutPolicy);
        var account = await mediator.Send(new ReadAccount(id), ct);
        return PasswordMeter.Measure(query.Password,
            account.Granted ? [.. query.About, account.Value.Email, account.Value.Name] : query.About, await policies.Account(id, ct));
    }
}
