using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace DirectoryPlatform.Host.Startup;

/// <summary>
/// Where the server listens. Closing such a socket resets every connection that the system has made and the server has not taken yet, with
/// the request that is in it: a proxy may not send that one again, because it cannot know how far it came.
/// </summary>
sealed class ListeningSockets
{
    const int SocketLevel = 1, AttachFilter = 26; // SOL_SOCKET, SO_ATTACH_FILTER of Linux

    /// <summary>A classic packet filter over TCP headers. A segment that begins a connection (SYN without ACK, in the byte of flags) is
    /// dropped, all others pass.</summary>
    static readonly (ushort Code, byte True, byte False, uint Value)[] NoNewOnes =
    [
        (0x30, 0, 0, 13), // load the byte of flags
        (0x54, 0, 0, 0x12), // keep SYN and ACK
        (0x15, 1, 0, 0x02), // SYN alone: the last line
        (0x06, 0, 0, uint.MaxValue),
        (0x06, 0, 0, 0),
    ];

    readonly Lock _lock = new();
    readonly List<Socket> _all = [];

    public Socket Bind(EndPoint address)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
        lock (_lock) _all.Add(socket);
        return socket;
    }

    /// <summary>From now on nobody connects: who tries hears nothing, tries again after a second, and is then refused, which a proxy takes
    /// for a reason to ask another node. Connections that are there, taken or not, stay.</summary>
    /// <returns>False where the system cannot.</returns>
    public bool TurnAway()
    {
        if (!OperatingSystem.IsLinux()) return false;
        var any = false;
        lock (_lock)
            foreach (var socket in _all.Where(s => s.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
                try
                {
                    Attach(socket);
                    any = true;
                }
                catch (Exception cannot) when (cannot is SocketException or ObjectDisposedException) { } // Then it is closed as it is.
        return any;
    }

    static void Attach(Socket socket)
    {
        const int bytes = 8;
        var lines = new byte[NoNewOnes.Length * bytes];
        for (var i = 0; i < NoNewOnes.Length; i++)
        {
            var (code, yes, no, value) = NoNewOnes[i];
            var line = lines.AsSpan(i * bytes, bytes);
            MemoryMarshal.Write(line, code);
            (line[2], line[3]) = (yes, no);
            MemoryMarshal.Write(line[4..], value);
        }
        var pinned = GCHandle.Alloc(lines, GCHandleType.Pinned);
        try
        {
            // The number of lines, padded, and where they stand.
            Span<byte> program = stackalloc byte[2 * nint.Size];
            program.Clear();
            MemoryMarshal.Write(program, (ushort)NoNewOnes.Length);
            MemoryMarshal.Write(program[nint.Size..], pinned.AddrOfPinnedObject());
            socket.SetRawSocketOption(SocketLevel, AttachFilter, program);
        }
        finally { pinned.Free(); }
    }
}
