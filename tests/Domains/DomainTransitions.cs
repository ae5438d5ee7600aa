using DirectoryPlatform.Domains;

namespace DirectoryPlatform.Tests.Domains;

/// <summary>Every command to a domain in every state, without a database.</summary>
public sealed class DomainTransitions
{
    static readonly DateTimeOffset Added = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly OrganizationId Ours = new(Guid.CreateVersion7()), Theirs = new(Guid.CreateVersion7());
    static readonly DomainId Id = new(Guid.CreateVersion7());

    static Domain New() => Domain.After(null, new DomainAdded(Id, Added, Ours, "acme.example", "token"));

    static Domain In(DomainState state) => state switch
    {
        DomainState.Unverified => New(),
        DomainState.Verified => Checked(New(), true),
        DomainState.MissingToken => Checked(Checked(New(), true), false),
        DomainState.Removed => Domain.After(New(), New().Remove(Ours, 1, Added).Value),
        DomainState.Superseded => Domain.After(New(), new DomainSuperseded(Id, Added, Ours, "acme.example")),
    };

    static Evidence Look(string verdict) => new(ProofMethod.Dns, verdict == Verdicts.Proved, verdict, "", [], Added);
    static Evidence Look(bool proved) => Look(proved ? Verdicts.Proved : Verdicts.NoRecord);
    static Domain Checked(Domain d, bool proved) => Domain.After(d, d.Check(d.Version, Look(proved), false, null, Added).Value);
    static string Name(Outcome<DomainFact> o) => o.Granted ? o.Value.GetType().Name : o.Refusal.Code;

    /// <summary>Columns: unverified, verified, missing token, superseded, removed.</summary>
    [Theory, Trait("Rule", "D8"), Trait("Rule", "D9"), Trait("Rule", "D10")]
    [InlineData("proved", "DomainVerified DomainChecked DomainTokenFound notFound notFound")]
    [InlineData("proved, owned elsewhere", "DomainProofContested DomainChecked DomainTokenFound notFound notFound")]
    [InlineData("missing", "DomainChecked DomainTokenMissing DomainChecked notFound notFound")]
    [InlineData("no answer", "DomainChecked DomainChecked DomainChecked notFound notFound")]
    [InlineData("changed meanwhile", "changedMeanwhile changedMeanwhile changedMeanwhile notFound notFound")]
    [InlineData("remove", "DomainRemoved DomainRemoved DomainRemoved notFound notFound")]
    [InlineData("remove, stale page", "changedMeanwhile changedMeanwhile changedMeanwhile notFound notFound")]
    [InlineData("remove, stranger", "notFound notFound notFound notFound notFound")]
    [InlineData("choose", "domainNotVerified DomainClaimingChosen DomainClaimingChosen notFound notFound")]
    [InlineData("choose, stranger", "notFound notFound notFound notFound notFound")]
    [InlineData("supersede", "domainNotVerified domainStillOwned domainStillOwned notFound notFound")]
    public void A_domain_answers_each_command_by_its_state(string command, string answers) =>
        string.Join(' ', Enum.GetValues<DomainState>().Select(In).Select(d => Name(command switch
        {
            "proved" => d.Check(d.Version, Look(true), false, null, Added),
            "proved, owned elsewhere" => d.Check(d.Version, Look(true), true, Theirs, Added),
            "missing" => d.Check(d.Version, Look(false), true, null, Added),
            "no answer" => d.Check(d.Version, Look(Verdicts.Timeout), true, null, Added),
            "changed meanwhile" => d.Check(d.Version - 1, Look(true), false, null, Added),
            "remove" => d.Remove(Ours, d.Version, Added),
            "remove, stale page" => d.Remove(Ours, d.Version + 1, Added),
            "remove, stranger" => d.Remove(Theirs, d.Version, Added),
            "choose" => d.ChooseClaiming(Ours, false, Added),
            "choose, stranger" => d.ChooseClaiming(Theirs, false, Added),
            "supersede" => d.Supersede(Added),
            _ => throw new ArgumentOutOfRangeException(nameof(command)),
        }))).ShouldBe(answers);

    [Fact, Trait("Rule", "C4")]
    public void Nothing_is_claimed_automatically_until_an_admin_has_chosen_so()
    {
        var verified = Domain.After(New(), New().Check(1, Look(true), false, null, Added).Value);
        verified.AutomaticClaim.ShouldBeNull();
        Domain.After(verified, verified.ChooseClaiming(Ours, true, Added).Value).AutomaticClaim.ShouldBe(true);
    }

    [Fact, Trait("Rule", "D8")]
    public void The_platform_gives_up_after_72_hours_and_only_by_its_own_schedule()
    {
        var domain = New();
        var late = Added.AddHours(72);
        Name(domain.Check(1, Look(false), true, null, late.AddSeconds(-1))).ShouldBe("DomainChecked");
        Name(domain.Check(1, Look(false), false, null, late)).ShouldBe("DomainChecked");
        Name(domain.Check(1, Look(true), true, null, late)).ShouldBe("DomainVerified");
        var given = Domain.After(domain, domain.Check(1, Look(false), true, null, late).Value);
        (given.State, given.GaveUpAt, given.NextCheckAt).ShouldBe((DomainState.Unverified, late, null));
        // The admin can look at any time; the platform stays away.
        Domain.After(given, given.Check(2, Look(false), false, null, late.AddDays(1)).Value).NextCheckAt.ShouldBeNull();
        var verified = Domain.After(given, given.Check(2, Look(true), false, null, late.AddDays(1)).Value);
        (verified.State, verified.GaveUpAt).ShouldBe((DomainState.Verified, null));
    }

    [Fact, Trait("Rule", "D8")]
    public void Pauses_between_looks_grow_from_a_minute_to_an_hour()
    {
        var (domain, pauses) = (New(), new List<TimeSpan>());
        for (var now = domain.NextCheckAt!.Value; now < Added.AddHours(72); now = domain.NextCheckAt!.Value)
        {
            domain = Domain.After(domain, domain.Check(domain.Version, Look(false), true, null, now).Value);
            pauses.Add(domain.NextCheckAt!.Value - now);
        }
        pauses.ShouldBeInOrder();
        pauses[0].ShouldBe(TimeSpan.FromMinutes(1));
        pauses[^1].ShouldBe(TimeSpan.FromHours(1));
        pauses.Count.ShouldBeInRange(70, 120);
    }

    [Fact, Trait("Rule", "D10")]
    public void A_proof_is_contested_once_and_then_waits_without_telling_everybody_again()
    {
        var first = New().Check(1, Look(true), false, Theirs, Added.AddHours(1));
        var waiting = Domain.After(New(), first.Value);
        (waiting.State, waiting.ProvedAt, waiting.NextCheckAt).ShouldBe((DomainState.Unverified, Added.AddHours(1), Added.AddHours(25)));
        var again = waiting.Check(2, Look(true), true, Theirs, Added.AddHours(100));
        Name(again).ShouldBe("DomainChecked");
        var later = Domain.After(waiting, again.Value);
        (later.ProvedAt, later.GaveUpAt, later.NextCheckAt).ShouldBe((Added.AddHours(1), null, Added.AddHours(124)));
        // A server that fails once takes its place from nobody, whatever the hour.
        var failed = Domain.After(waiting, waiting.Check(2, Look(Verdicts.ServerFailed), true, null, Added.AddHours(100)).Value);
        (failed.ProvedAt, failed.GaveUpAt, failed.NextCheckAt).ShouldBe((Added.AddHours(1), null, Added.AddHours(124)));
        // The token gone, it does not wait any more; and it takes over once the owner is gone.
        Domain.After(waiting, waiting.Check(2, Look(false), false, Theirs, Added.AddHours(3)).Value).ProvedAt.ShouldBeNull();
        Domain.After(later, later.Check(3, Look(true), true, null, Added.AddHours(101)).Value).State.ShouldBe(DomainState.Verified);
    }

    [Fact, Trait("Rule", "D4"), Trait("Rule", "D10")]
    public void The_token_is_void_after_removal_and_after_being_superseded()
    {
        (In(DomainState.Removed).Token, In(DomainState.Removed).NextCheckAt).ShouldBe(("", null));
        (In(DomainState.Superseded).Token, In(DomainState.Superseded).NextCheckAt).ShouldBe(("", null));
        var lapsed = In(DomainState.Verified) with { State = DomainState.Unverified };
        Name(lapsed.Supersede(Added)).ShouldBe("DomainSuperseded");
    }

    [Fact, Trait("Rule", "D8")]
    public void No_sequence_of_commands_breaks_an_invariant()
    {
        var (random, granted) = (new Random(8), 0);
        for (var life = 0; life < 4_000; life++)
        {
            var (domain, now) = (New(), Added);
            for (var step = 0; step < 20; step++)
            {
                now += TimeSpan.FromMinutes(random.Next(2_000));
                var verdict = random.Next(3) switch { 0 => Verdicts.Proved, 1 => Verdicts.NoRecord, _ => Verdicts.Timeout };
                var outcome = random.Next(8) switch
                {
                    0 when random.Next(5) == 0 => domain.Remove(random.Next(3) == 0 ? Theirs : Ours, domain.Version, now),
                    1 => domain.ChooseClaiming(Ours, random.Next(2) == 0, now),
                    2 => domain.Supersede(now),
                    _ => domain.Check(domain.Version - random.Next(10) / 9, Look(verdict), random.Next(2) == 0,
                        random.Next(3) == 0 ? Theirs : null, now),
                };
                if (!outcome.Granted) continue;
                granted++;
                var after = Domain.After(domain, outcome.Value);
                after.Version.ShouldBe(domain.Version + 1);
                domain.State.ShouldNotBe(DomainState.Removed);
                domain.State.ShouldNotBe(DomainState.Superseded);
                (after.Token.Length == 0).ShouldBe(after.State is DomainState.Removed or DomainState.Superseded);
                if (after.IsOwned) after.VerifiedAt.ShouldNotBeNull();
                (after.MissingSince is not null && after.State is not (DomainState.MissingToken or DomainState.Removed)).ShouldBeFalse();
                if (after.NextCheckAt is { } next && outcome.Value is not DomainClaimingChosen)
                    next.ShouldBeInRange(now.AddMinutes(1), now.AddDays(1));
                (after.NextCheckAt is null).ShouldBe(after.GaveUpAt is not null || after.Token.Length == 0);
                domain = after;
            }
        }
        granted.ShouldBeGreaterThan(10_000);
    }
}
