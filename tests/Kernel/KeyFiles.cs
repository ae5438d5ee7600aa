using System.Runtime.Versioning;

namespace DirectoryPlatform.Tests.Kernel;

/// <summary>What may stand in a key file, and how one is made (SPEC S14).</summary>
[Trait("Rule", "S14")]
[UnsupportedOSPlatform("windows")]
public sealed class KeyFiles : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("directory-platform-keys-");

    string At(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    static readonly string Line = FileKeys.NewLine();

    [Fact]
    public void Keys_are_lines_of_base64_or_hex_with_remarks_and_blank_lines_between()
    {
        var other = FileKeys.NewLine();
        var hex = Convert.ToHexString(Convert.FromBase64String(other));
        var keys = FileKeys.Parse($"\n# mine\r\n  {Line}  \r\n\r\n{hex}\n{Line}\n", "file");
        keys.Ids.Count.ShouldBe(2);
        keys.First.ShouldBe(FileKeys.Parse(Line, "file").First);
        var text = keys.Seal("place", "words, Wörter");
        keys.Open("place", text).ShouldBe("words, Wörter");
        keys.Seal("place", "words, Wörter").ShouldNotBe(text, "no nonce twice");
        FileKeys.Parse(other, "file").Open("place", text).ShouldBeNull();
        Should.Throw<KeyFileException>(() => keys.Open("elsewhere", text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing else\n\n")]
    [InlineData("correct horse battery staple")]
    [InlineData("c2hvcnQ=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("KEY=%")]
    public void What_is_no_key_is_refused_without_telling_what_it_was(string text)
    {
        Should.Throw<KeyFileException>(() => FileKeys.Parse(text, "the-file")).Message.ShouldContain("the-file");
        if (text.Length == 0 || text[0] == '#') return;
        var said = Should.Throw<KeyFileException>(() => FileKeys.Parse($"{Line}\n{text}", "the-file")).Message;
        said.ShouldContain("Line 2");
        said.ShouldNotContain(text);
    }

    [Fact]
    public void Who_may_not_read_it_is_told_as_whom_it_was_tried_and_what_lets_them()
    {
        var file = new KeyFile(At("keys"));
        file.Advice(new UnauthorizedAccessException()).ShouldContain($"chgrp {Environment.UserName} {file.FullName} && chmod 640");
        file.Advice(new FileNotFoundException()).ShouldBeEmpty();
        new KeyFile(_folder.FullName).Advice(new UnauthorizedAccessException()).ShouldBeEmpty("a folder is no key file");
    }

    [Fact]
    public void A_new_file_is_its_owners_alone_and_a_further_key_comes_first_and_changes_nothing_else()
    {
        var file = new KeyFile(At("keys"));
        var first = file.AddFirst(DateTimeOffset.UnixEpoch).First;
        File.GetUnixFileMode(file.FullName).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var before = File.ReadAllText(file.FullName);
        File.SetUnixFileMode(file.FullName, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var keys = file.AddFirst(DateTimeOffset.UnixEpoch);
        keys.Ids.ShouldBe([keys.First, first]);
        File.ReadAllText(file.FullName).ShouldEndWith(before);
        File.GetUnixFileMode(file.FullName).ShouldBe(UnixFileMode.UserRead | UnixFileMode.GroupRead);
        _folder.GetFiles().Length.ShouldBe(1);
    }

    [Fact]
    public void A_file_that_is_something_else_is_not_written_over()
    {
        File.WriteAllText(At("letter"), "Dear Nora");
        Should.Throw<KeyFileException>(() => new KeyFile(At("letter")).AddFirst(DateTimeOffset.UnixEpoch));
        File.ReadAllText(At("letter")).ShouldBe("Dear Nora");
        var nowhere = new KeyFile(At("no/such/folder"));
        Should.Throw<KeyFileException>(() => nowhere.AddFirst(DateTimeOffset.UnixEpoch)).Message.ShouldContain("cannot be written");
        Should.Throw<KeyFileException>(() => new KeyFile(At("none")).ReadAnew()).Message.ShouldContain("cannot be read");
        Should.Throw<KeyFileException>(() => new KeyFile(_folder.FullName).ReadAnew()).Message.ShouldContain("cannot be read");
        File.WriteAllText(At("large"), new string('#', 1 << 20));
        Should.Throw<KeyFileException>(() => new KeyFile(At("large")).ReadAnew()).Message.ShouldContain("too large");
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite, null)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, null)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead, "read by other users")]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite, "written by other users")]
    public void A_file_that_others_can_read_or_write_is_warned_of(UnixFileMode mode, string? warning)
    {
        var file = new KeyFile(At("keys"));
        file.AddFirst(DateTimeOffset.UnixEpoch);
        File.SetUnixFileMode(file.FullName, mode);
        File.CreateSymbolicLink(At("link"), file.FullName);
        foreach (var path in (string[])["keys", "link"])
        {
            var said = new KeyFile(At(path)).Warnings(null).ToList();
            if (warning is null) said.ShouldBeEmpty();
            else said.ShouldHaveSingleItem().ShouldContain(warning);
        }
    }

    [Fact]
    public void A_file_in_the_data_folder_is_warned_of()
    {
        var data = Directory.CreateDirectory(At("data"));
        var file = new KeyFile(At("data/keys"));
        file.AddFirst(DateTimeOffset.UnixEpoch);
        file.Warnings(data).ShouldHaveSingleItem().ShouldContain("lies in the data folder");
        file.Warnings(new(At("dat"))).ShouldBeEmpty();
        file.Warnings(null).ShouldBeEmpty();
    }
}
