using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace DirectoryPlatform.Kernel.Storage;

/// <summary>
/// Keeps the keys of cookies and form tokens in the database, so that any node reads what another wrote;
/// sealed where there is a key file (SPEC S14).
/// </summary>
sealed class DataProtectionKeys(NpgsqlDataSource database, KeyFile? file) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.OpenConnection();
        var rows = connection.Query<(string Name, string Xml)>("select name, xml from kernel.data_protection_key");
        return [.. rows.Select(row => XElement.Parse(KeyRingAtRest.Open(file, row.Name, row.Xml)))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var (xml, keys) = (element.ToString(SaveOptions.DisableFormatting), file?.ReadAnew());
        using var connection = database.OpenConnection();
        using var transaction = connection.BeginTransaction();
        // Whoever seals at a start holds this lock: no key comes in clear behind it, from a node that was started before there was a file.
        connection.Execute(KeyRingAtRest.Lock, transaction: transaction);
        const string sealedOnes = "select exists (select from kernel.data_protection_key where starts_with(xml, @Mark))";
        if (keys is null && connection.ExecuteScalar<bool>(sealedOnes, new { FileKeys.Mark }, transaction)) throw KeyRingAtRest.Missing();
        connection.Execute("insert into kernel.data_protection_key (name, xml) values (@friendlyName, @xml) on conflict (name) do nothing",
            new { friendlyName, xml = keys?.Seal(friendlyName, xml) ?? xml }, transaction);
        transaction.Commit();
    }
}
