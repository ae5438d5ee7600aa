"""The programs that ./test starts, each with what it said and what came of it; build/suite.py says which and when."""
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "TestResults"
PROJECTS = {"tests": "DirectoryPlatform.Tests.dll", "tests-browser": "DirectoryPlatform.Tests.Browser.dll"}
TRX = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"
NICE = 19  # of what may wait until the tests leave a gap

started = time.monotonic()
running = []


def elapsed():
    seconds = int(time.monotonic() - started)
    return f"{seconds // 60}:{seconds % 60:02}"


def say(text):
    print(text, flush=True)


def give_way(niceness):
    """Of this process. Where each session has a share of the processor, however nice its programs are, its share is made small, too."""
    if niceness > 0:
        os.nice(niceness)
        try:
            Path("/proc/self/autogroup").write_text(str(niceness))
        except OSError:
            pass


class Work:
    """A program that works in the background, with its output in a file."""

    def __init__(self, name, command, niceness=0, environment=None):
        self.name, self.output = name, RESULTS / f"{name}.txt"
        with self.output.open("w") as output:
            # A group of its own, so that all that it started can be ended with it.
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
                env=environment, preexec_fn=lambda: give_way(niceness))
        running.append(self)

    @property
    def is_over(self):
        return self.process.poll() is not None

    def said(self):
        return self.output.read_text(errors="replace")

    def progress(self):
        return f"{self.name}{' is done' if self.is_over else '…'}"

    def result(self):
        """What passed, what failed and what was skipped, and a sentence for each that failed."""
        if self.process.returncode == 0:
            return 1, 0, 0, []
        say(self.said())
        return 0, 1, 0, [self.failure]


class Build(Work):
    """One compiler for all its projects, since each would learn anew how to run; its own, so that no other build's is ended with it."""

    failure = "the build"

    def __init__(self, name, targets, *options, niceness=0):
        # One after the other: each writes down in web/obj which files web gives along, and two at once have met there.
        options = ["-c", "Release", "-v", "quiet", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=true",
                   f"-p:SharedCompilationId=suite-{os.getpid()}-{name}", *options]
        self.has_ended = False
        super().__init__(name, ["sh", "-c", " && ".join(shlex.join(["dotnet", "build", t, *options]) for t in targets)], niceness)

    @property
    def is_over(self):
        over = super().is_over
        if over and not self.has_ended:
            end(self)  # the compiler would wait ten minutes for more
            self.has_ended = True  # asked once: soon its number may be another's
        return over


class Style(Work):
    failure = "the style; dotnet format puts it right"

    def __init__(self):
        # The rest of what dotnet format verifies is verified by tests/Architecture/KeepTheForm.cs: it would load every project.
        super().__init__("style", ["dotnet", "format", "whitespace", ".", "--folder", "--verify-no-changes"], NICE)


class Tests(Work):
    """One test project; counted while it runs by the lines that it writes, at its end by its result file."""

    def __init__(self, project, test_filter, patience, name=None, environment=None):
        name = name or project
        self.project, self.patience, self.folder = project, patience, RESULTS / name
        self.partial = test_filter is not None
        # What failed and then passed, or the other way round: its name with what it said when it failed.
        self.unsteady = {}
        command = ["dotnet", "test", f"{project}/bin/Release/net10.0/{PROJECTS[project]}"]
        command += ["--filter", test_filter] if self.partial else []
        command += ["--logger", "trx", "--logger", "console;verbosity=normal", "--results-directory", str(self.folder)]
        command += ["--blame-hang-timeout", patience, "--blame-hang-dump-type", "none"]
        # Only where everything runs: the number of some tests says nothing, and counting takes its time.
        if "DIRECTORYPLATFORM_FULL" in os.environ and not self.partial:
            command += collector(project)
        super().__init__(name, command, environment=environment)
        self.lines = self.output.open(errors="replace")
        self.counts = {"Passed": 0, "Failed": 0, "Skipped": 0}
        self.rest = ""

    def progress(self):
        text = self.rest + self.lines.read()
        *whole, self.rest = text.split("\n")
        for line in whole:
            if at := re.match(r"  (Passed|Failed|Skipped) (\S.*)", line):
                self.counts[at[1]] += 1
                if at[1] == "Failed":
                    say(f"{elapsed():>6}  FAILED  {at[2]}")
        return f"{self.name} {self.counts['Passed']} passed, {self.counts['Failed']} failed" + (", done" if self.is_over else "")

    def files(self):
        """What the result files hold; half a file, of a program that was ended, holds nothing."""
        for file in self.folder.glob("*.trx"):
            try:
                yield xml.parse(file)
            except xml.ParseError as error:
                say(f"{file}: {error}")

    def tests(self):
        """Every result: its outcome, its name, how many seconds it took, what it said and where."""
        for results in self.files():
            for result in results.iter(f"{TRX}UnitTestResult"):
                hours, minutes, seconds = result.get("duration", "0:0:0").split(":")
                text = [result.findtext(f"{TRX}Output/{TRX}ErrorInfo/{TRX}{part}", "") for part in ("Message", "StackTrace")]
                yield result.get("outcome"), result.get("testName"), int(hours) * 3600 + int(minutes) * 60 + float(seconds), *text

    def failures(self, also_unsteady=False):
        """Of each that failed, and did not pass once more: its name, what it said and where."""
        return [(name, *said) for outcome, name, _, *said in self.tests()
                if outcome == "Failed" and (also_unsteady or name not in self.unsteady)]

    def was_broken_off(self):
        return re.search("^Test Run (Aborted|Canceled)", self.said(), re.M) is not None

    def result(self):
        outcomes = [outcome for outcome, *_ in self.tests()]
        failures = self.failures()
        passed_later = outcomes.count("Failed") - len(failures)
        passed = outcomes.count("Passed") + passed_later
        failed = len([o for o in outcomes if o in ("Failed", "Error", "Timeout", "Aborted")]) - passed_later
        names = [f"{name}: {short(message)}" for name, message, _ in failures]
        skipped = len(outcomes) - passed - failed
        if not list(self.files()) and not self.partial:
            names.append(f"{self.name} left no results")
        elif self.was_broken_off():
            names.append(f"{self.name} was broken off")
        elif self.process.returncode != 0 and "Failed" not in outcomes:
            names.append(f"{self.name} ended with exit code {self.process.returncode} without a failed test")
        if len(names) > failed:
            say(self.said()[-4000:])
        return passed, max(failed, len(names)), skipped, names


class Again(Tests):
    """
    What failed of a project, once more and alone, when little failed: a busy machine breaks a clock here and there. What the tests say in
    the end of all others is left out: alone they would have nothing to ask.
    """

    MOST = 5

    # Each draws moments, or questions, of its own: another that passes says nothing of the one that failed.
    OF_CHANCE = ("Kills", "Chaos", "Fuzz", "Mutate")

    def __init__(self, first):
        names = sorted({name.partition("(")[0] for name, *_ in first.failures()})
        wanted = "|".join(f"FullyQualifiedName={name}" for name in names)
        environment = {name: value for name, value in os.environ.items() if name != "DIRECTORYPLATFORM_WHOLE_RUN"}
        left_out = "".join(f"&Run!={run}" for run in Again.OF_CHANCE)
        super().__init__(first.project, f"({wanted})&Asks!=AllOthers{left_out}", first.patience, f"{first.name}-again", environment)
        self.first = first

    @staticmethod
    def may(first):
        return "DIRECTORYPLATFORM_FULL" not in os.environ and not first.was_broken_off() and 0 < len(first.failures()) <= Again.MOST

    def compare(self):
        """Tells the first what was unsteady: never what is not found or skipped now, nor what failed both times."""
        before, now = grouped(self.first), grouped(self)
        for name in [name for name in before if name in now]:
            outcomes = [[outcome for outcome, _ in results[name]] for results in (before, now)]
            fails = ["Failed" in of for of in outcomes]
            passes = [set(of) == {"Passed"} for of in outcomes]
            if (fails[0] and passes[1] and len(now[name]) >= len(before[name])) or (passes[0] and fails[1]):
                said = next(message for outcome, message in before[name] + now[name] if outcome == "Failed")
                self.first.unsteady[name] = said
                say(f"{elapsed():>6}  UNSTEADY  {name}: {short(said)}")


def collector(project):
    """What makes vstest count the product's lines, where restore has brought coverlet."""
    try:
        assets = json.loads((ROOT / project / "obj/project.assets.json").read_text())
        name = next(name for name in assets["libraries"] if name.startswith("coverlet.collector/"))
        folders = [Path(root) / name.lower() / "build" for root in assets["packageFolders"]]
        path = next(dll.parent for folder in folders for dll in folder.rglob("coverlet.collector.dll"))
    except (OSError, StopIteration):
        return []
    settings = "DataCollectionRunSettings.DataCollectors.DataCollector.Configuration"
    return ["--test-adapter-path", str(path), "--collect", "XPlat Code Coverage", "--", f"{settings}.Format=cobertura",
            f"{settings}.Include=[DirectoryPlatform.*]*", f"{settings}.Exclude=[*.Tests*]*"]


def grouped(tests):
    """The outcomes and messages of each name: the cases of a theory may be called alike."""
    found = {}
    for outcome, name, _, message, _ in tests.tests():
        found.setdefault(name, []).append((outcome, message))
    return found


def short(message):
    return " ".join(message.split())[:400]


def end(work):
    """The whole group: the program may be gone and what it started not."""
    try:
        os.killpg(work.process.pid, signal.SIGTERM)
    except ProcessLookupError:
        pass


def leave(number, _frame):
    for work in running:
        end(work)
    sys.exit(128 + number)
