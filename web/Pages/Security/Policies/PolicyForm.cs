namespace DirectoryPlatform.Web.Pages.Security.Policies;

/// <summary>What the form of a policy sends; numbers as text, so that nothing typed is lost when it is none.</summary>
public sealed record PolicyForm
{
    public string? Name { get; set; }
    public bool Billable { get; set; }
    public bool TwoStepMandatory { get; set; }
    public string? Password { get; set; }
    public string? PasswordExpiryDays { get; set; }
    public string? PasswordReuse { get; set; }
    public string? IdleMinutes { get; set; }
    public string? LifeDays { get; set; }
    public bool ApiTokens { get; set; }
    public bool SingleSignOn { get; set; }

    /// <summary>The version that was looked at.</summary>
    public long Seen { get; set; }

    public static PolicyForm Of(PolicyDraft settings, long seen) => new()
    {
        Name = settings.Name,
        Billable = settings.Billable,
        TwoStepMandatory = settings.TwoStepMandatory,
        Password = $"{(int)settings.Password}",
        PasswordExpiryDays = $"{settings.PasswordExpiryDays}",
        PasswordReuse = $"{settings.PasswordReuse}",
        IdleMinutes = $"{settings.IdleMinutes}",
        LifeDays = $"{settings.LifeDays}",
        ApiTokens = settings.ApiTokens,
        SingleSignOn = settings.SingleSignOn,
        Seen = seen,
    };

    /// <summary>What is no number becomes one that is out of range, and is refused beside its field.</summary>
    public PolicyDraft Settings => new(
        Name, Billable, TwoStepMandatory, (PasswordStrength)Number(Password), string.IsNullOrWhiteSpace(PasswordExpiryDays)
            ? null
            : Number(PasswordExpiryDays), Number(PasswordReuse), Number(IdleMinutes),
        Number(LifeDays), ApiTokens)
    { SingleSignOn = SingleSignOn };

    static int Number(string? text) =>
        int.TryParse(text?.Trim(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture,
            out var number) ? number : -1;
}

/// <summary>A page that shows the form.</summary>
public interface IPolicyFormPage
{
    PolicyForm Input { get; }
}
