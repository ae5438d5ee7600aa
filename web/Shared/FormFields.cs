using System.Reflection;

namespace DirectoryPlatform.Web.Shared;

/// <summary>Finds the form field that a refusal speaks of.</summary>
static class FormFields
{
    /// <summary>"Input.Name" for a field of the page's form, or "" for above the form.</summary>
    public static string Place(object page, Refusal refusal, string? field)
    {
        var wanted = field ?? refusal switch { InvalidValue invalid => invalid.Field, TextTooLong tooLong => tooLong.Field, _ => null };
        var input = wanted is null ? null : page.GetType()
            .GetProperty("Input")?.PropertyType.GetProperty(wanted, BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance);
        return input is null ? "" : $"Input.{input.Name}";
    }
}
