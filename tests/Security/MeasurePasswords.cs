using System.Diagnostics;
using DirectoryPlatform.Security;
using DirectoryPlatform.Security.Internal.Passwords;

namespace DirectoryPlatform.Tests.Security;

/// <summary>What a new password must withstand (SPEC S1).</summary>
[Trait("Rule", "S1")]
public sealed class MeasurePasswords
{
    static readonly PolicyRules Anything = PolicyRules.WithoutPolicy;

    [Theory]
    [InlineData("password")]
    [InlineData("Password")]
    [InlineData("passw0rd")]
    [InlineData("12345678")]
    [InlineData("qwertyuiop")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abcdefgh")]
    [InlineData("iloveyou")]
    [InlineData("trustno1")]
    [InlineData("liamnovak")]
    [InlineData("liam@acme.example")]
    public void What_anybody_would_try_first_is_refused_and_the_refusal_says_why(string password)
    {
        var measured = PasswordMeter.Measure(password, ["liam@acme.example", "Liam Novak"], Anything);
        measured.Strength.ShouldBe(PasswordStrength.Weak);
        var refusal = measured.Refusal.ShouldBeOfType<InvalidValue>();
        refusal.Field.ShouldBe("password");
        refusal.Why.Split(". ").Length.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void The_same_words_are_stronger_for_somebody_else() =>
        ((int)PasswordMeter.Measure("zebulonquux", ["Zebulon Quux"], Anything).Strength)
            .ShouldBeLessThan((int)PasswordMeter.Measure("zebulonquux", ["Ada"], Anything).Strength);

    [Fact]
    public void Five_words_for_five_strengths_and_a_policy_refuses_what_is_below_its_own()
    {
        string[] ladder = ["password", "correct horse", "correct horse battery", "correct horse battery staple",
            "correct horse battery staple walks to Saturn"];
        var strengths = ladder.Select(p => PasswordMeter.Measure(p, [], Anything).Strength).ToList();
        strengths.ShouldBeInOrder();
        strengths[0].ShouldBe(PasswordStrength.Weak);
        strengths[^1].ShouldBe(PasswordStrength.VeryStrong);
        foreach (var least in Enum.GetValues<PasswordStrength>())
            for (var i = 0; i < ladder.Length; i++)
            {
                var refusal = PasswordMeter.Measure(ladder[i], [], Anything with { Password = least }).Refusal;
                (refusal is null)
                    .ShouldBe(strengths[i] is not PasswordStrength.Weak && strengths[i] >= least,
                    $"{ladder[i]} where {least} is asked for");
                if (refusal is not null && strengths[i] is not PasswordStrength.Weak)
                    refusal.Sentence.ShouldContain($"at least {PasswordMeter.Word(least)}");
            }
    }

    [Theory]
    [InlineData('a'), InlineData('('), InlineData('1'), InlineData('\u4e2d')]
    public void No_input_takes_long(char letter)
    {
        PasswordMeter.Measure("warmed up, with all dictionaries", [], Anything);
        var watch = Stopwatch.StartNew();
        PasswordMeter.Measure(new string(letter, 100), Enumerable.Repeat(new string(letter, 5_000), 50), Anything);
        PasswordMeter.Measure(string.Concat(Enumerable.Repeat($"4{letter}@3$", 20)), Enumerable.Range(0, 50)
            .Select(i => $"{i}{letter}4@3$"), Anything);
        PasswordMeter.Measure(new string(letter, 1_000_000), [], Anything).Refusal.ShouldNotBeNull();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }
}
