namespace DirectoryPlatform.Web.Pages.Security.Policies;

/// <summary>What the form of a policy sends; numbers as text, so that nothing typed is lost when it is none.</summary>
public sealed record PolicyForm
{
    public string? Name { get; set; }
    public bool Billable { get; set; }
    public bool TwoStepMandatory { get; set; }
    public string? Password { get; set; }
    public string? PasswordExpiry { get; set; }
    public string? PasswordExpiryUnit { get; set; }
    public string? PasswordReuse { get; set; }
    public string? Idle { get; set; }
    public string? IdleUnit { get; set; }
    public string? Life { get; set; }
    public string? LifeUnit { get; set; }
    public bool ApiTokens { get; set; }
    public bool SingleSignOn { get; set; }

    /// <summary>The version that was looked at.</summary>
    public long Seen { get; set; }

    public static PolicyForm Of(PolicyDraft settings, long seen)
    {
        var (expiry, idle, life) = (settings.PasswordExpiryDays is { } days ? Duration.OfDays.Split(days) : ("", "days"),
            Duration.OfMinutes.Split(settings.IdleMinutes), Duration.OfDays.Split(settings.LifeDays));
        return new()
        {
            Name = settings.Name,
            Billable = settings.Billable,
            TwoStepMandatory = settings.TwoStepMandatory,
            Password = $"{(int)settings.Password}",
            PasswordExpiry = expiry.Item1,
            PasswordExpiryUnit = expiry.Item2,
            PasswordReuse = $"{settings.PasswordReuse}",
            Idle = idle.Number,
            IdleUnit = idle.Unit,
            Life = life.Number,
            LifeUnit = life.Unit,
            ApiTokens = settings.ApiTokens,
            SingleSignOn = settings.SingleSignOn,
            Seen = seen,
        };
    }

    /// <summary>What is no number becomes one that is out of range, and is refused beside its field.</summary>
    public PolicyDraft Settings => new(
        Name, Billable, TwoStepMandatory, (PasswordStrength)Duration.Whole(Password),
        string.IsNullOrWhiteSpace(PasswordExpiry) ? null : Duration.OfDays.Of(PasswordExpiry, PasswordExpiryUnit),
        Duration.Whole(PasswordReuse), Duration.OfMinutes.Of(Idle, IdleUnit), Duration.OfDays.Of(Life, LifeUnit), ApiTokens)
    { SingleSignOn = SingleSignOn };

    /// <summary>Which field the refusal of a policy speaks of; null where its own name says it, or none.</summary>
    public static string? FieldOf(Refusal refusal) => refusal switch
    {
        PolicyNameTaken => nameof(Name),
        InvalidValue { Field: "passwordExpiryDays" } => nameof(PasswordExpiry),
        InvalidValue { Field: "idleMinutes" } => nameof(Idle),
        InvalidValue { Field: "lifeDays" } => nameof(Life),
        NonBillableTwoStep => nameof(TwoStepMandatory),
        NonBillableSingleSignOn or ProviderMissing => nameof(SingleSignOn),
        _ => null,
    };
}

/// <summary>A page that shows the form.</summary>
public interface IPolicyFormPage
{
    PolicyForm Input { get; }
}
