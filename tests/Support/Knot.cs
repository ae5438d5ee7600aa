using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace DirectoryPlatform.Tests.Support;

/// <summary>
/// A real authoritative name server (knotd, Debian package knot) on a loopback port of its own, with zones that tests change while it runs.
/// Answers NXDOMAIN inside its zones and REFUSED outside. Ended by its own process id.
/// </summary>
public sealed class Knot : IDisposable
{
    readonly string _folder;
    readonly Process _server;

    Knot(string folder, int port, Process server) => (_folder, Port, _server) = (folder, port, server);

    public int Port { get; }

    /// <summary>As <c>Domains:Dns:Servers</c> wants it.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Starts in about 50 ms with the zones given, each empty but for SOA and NS.</summary>
    public static Knot Start(params string[] zones)
    {
        for (var attempt = 1; ; attempt++)
        {
            try { return TryStart(zones, FreePort()); }
            catch (InvalidOperationException) when (attempt < 5) { } // somebody took the port meanwhile
        }
    }

    /// <summary>Adds one record; answered from the moment this returns. <c>Set("acme.example", "_directory-challenge", "TXT",
    /// "\"value\"")</c>; owner <c>@</c> is the zone itself.</summary>
    public void Set(string zone, string owner, string type, string data, int ttl = 0) =>
        Change(zone, ["zone-set", zone, owner, $"{ttl}", type, .. type == "TXT" ? [data] : data.Split(' ')]);

    /// <summary>Adds many records of one type at once: each change by itself takes three calls of knotc.</summary>
    public void SetMany(string zone, string owner, string type, IReadOnlyList<string> data) =>
        Change(zone, [.. data.Select(one => (string[])["zone-set", zone, owner, "0", type, one])]);

    /// <summary>Takes away all records of one type, or all of the owner's.</summary>
    public void Unset(string zone, string owner, string? type = null) =>
        Change(zone, ["zone-unset", zone, owner, .. type is null ? Array.Empty<string>() : [type]]);

    public void Dispose()
    {
        if (!_server.HasExited)
            _server.Kill();
        _server.WaitForExit(5000);
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    static Knot TryStart(string[] zones, int port)
    {
        var folder = Directory.CreateTempSubdirectory("knot-").FullName; // short: it holds a socket, 107 bytes at most
        foreach (var zone in zones)
            File.WriteAllText(Path.Combine(folder, zone + ".zone"),
                $"$ORIGIN {zone}.\n@ 60 SOA ns.{zone}. admin.{zone}. 1 3600 600 86400 0\n@ 60 NS ns.{zone}.\nns 60 A 127.0.0.1\n");
        File.WriteAllText(Path.Combine(folder, "knot.conf"), $"""
            server:
              rundir: "{folder}"
              listen: 127.0.0.1@{port}
              udp-workers: 1
              tcp-workers: 1
              background-workers: 1
            control:
              listen: "{folder}/ctl"
            database:
              storage: "{folder}/db"
            log:
              - target: "{folder}/log"
                any: info
            template:
              - id: default
                storage: "{folder}"
                file: "%s.zone"
                zonefile-sync: -1
                journal-content: none
            zone:
            {string.Concat(zones.Select(zone => $"  - domain: {zone}\n"))}
            """);
        var server =
            Process.Start(new ProcessStartInfo(Binary("knotd"), ["-c", Path.Combine(folder, "knot.conf")])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true
            })!;
        var knot = new Knot(folder, port, server);
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(10); Thread.Sleep(20))
        {
            if (server.HasExited)
                break;
            if (zones.All(zone => knot.Control(["zone-read", zone, "@", "SOA"]).Exit == 0))
                return knot;
        }
        var log = Path.Combine(folder, "log");
        var said = File.Exists(log) ? File.ReadAllText(log) : "";
        knot.Dispose();
        throw new InvalidOperationException($"knotd did not start: {said}");
    }

    void Change(string zone, params string[][] changes)
    {
        Must(["zone-begin", zone]);
        foreach (var change in changes) Must(change);
        Must(["zone-commit", zone]);
    }

    void Must(string[] arguments)
    {
        var (exit, said) = Control(arguments);
        if (exit != 0)
            throw new InvalidOperationException($"knotc {string.Join(' ', arguments)}: {said}");
    }

    (int Exit, string Said) Control(string[] arguments)
    {
        using var control =
            Process.Start(new ProcessStartInfo(Binary("knotc"),
                ["-s", Path.Combine(_folder, "ctl"), .. arguments])
            { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = control.StandardError.ReadToEndAsync();
        var said = control.StandardOutput.ReadToEnd() + error.Result;
        control.WaitForExit();
        return (control.ExitCode, said);
    }

    static string Binary(string name) => File.Exists($"/usr/sbin/{name}") ? $"/usr/sbin/{name}" : name;

    static int FreePort()
    {
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)udp.LocalEndPoint!).Port;
    }
}
