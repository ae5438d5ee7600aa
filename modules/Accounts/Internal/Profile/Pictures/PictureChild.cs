using System.Runtime.InteropServices;
using System.Text;

namespace DirectoryPlatform.Accounts.Internal.Profile.Pictures;

/// <summary>The process that decodes one picture: reads a file from its standard input and writes the square to its standard output. It
/// limits itself before it reads the first byte, since what a decoder does with a stranger's file is anybody's guess.</summary>
static class PictureChild
{
    /// <summary>Exit codes besides 0; any other number is a crash.</summary>
    internal const int Unreadable = 3, Unlimited = 4;

    /// <param name="args"><see cref="PictureProgram.Word"/>, megabytes of memory, seconds of a processor.</param>
    public static int Run(string[] args)
    {
        if (args is not [_, var megabytes, var seconds] || !nuint.TryParse(megabytes, out var most)
            || !nuint.TryParse(seconds, out var time) || !Limits.Set(most << 20, time))
            return Unlimited;
        using var input = Console.OpenStandardInput();
        using var file = new MemoryStream();
        input.CopyTo(file);
        if (PictureDrawing.Square(file.ToArray()) is not { } square) return Unreadable;
        using var output = Console.OpenStandardOutput();
        output.Write(square);
        output.Flush();
        return 0;
    }

    /// <summary>setrlimit(2). The numbers are Linux's, for x64 and arm64 alike.</summary>
    static class Limits
    {
        const int Processor = 0, FileSize = 1, Data = 2, Core = 4;

        [StructLayout(LayoutKind.Sequential)]
        struct Limit
        {
            public nuint Soft, Hard;
        }

        [DllImport("libc", SetLastError = true)]
        static extern int setrlimit(int resource, in Limit limit);

        /// <returns>False where the system does not do it: then nothing is decoded.</returns>
        // Not the address space: .NET reserves hundreds of gigabytes of it and uses none of them.
        public static bool Set(nuint bytes, nuint seconds) =>
            One(Data, bytes) && One(Processor, seconds) && One(Core, 0) && One(FileSize, 0);

        static bool One(int resource, nuint most) => setrlimit(resource, new Limit { Soft = most, Hard = most }) == 0;
    }
}
