"""What ./test does once everything it needs is there: builds, runs both test projects, the style check beside the first, and sums up.

While it works it tells every few seconds how far it is; at the end come what failed and what it said, the ten slowest tests,
the time, and as the last line the sum.
"""
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "TestResults"
PROJECTS = {"tests": "DirectoryPlatform.Tests.dll", "tests-browser": "DirectoryPlatform.Tests.Browser.dll"}
# Built beside the first tests, in the gaps that they leave.
LATER = ("tests-browser/Tests.Browser.csproj", "bench/Bench.csproj")
TRX = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"
EVERY = 5  # seconds between two lines of progress
# What a small run calls is seldom called often enough to be worth compiling a second time, and memory for code is not locked against being
# written: a fifth of the tests' processor time.
BRIEF = {"DOTNET_TC_CallCounting": "0", "DOTNET_EnableWriteXorExecute": "0"}
NICE = 19  # of what may wait until the tests leave a gap

started = time.monotonic()
running = []


def elapsed():
    seconds = int(time.monotonic() - started)
    return f"{seconds // 60}:{seconds % 60:02}"


def say(text):
    print(text, flush=True)


class Work:
    """A program that works in the background, with its output in a file."""

    def __init__(self, name, command, niceness=0):
        self.name, self.output = name, RESULTS / f"{name}.txt"
        with self.output.open("w") as output:
            # A group of its own, so that all that it started can be ended with it.
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=lambda: os.nice(niceness))
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

    def __init__(self, project, test_filter, patience):
        self.folder = RESULTS / project
        self.partial = test_filter is not None
        command = ["dotnet", "test", f"{project}/bin/Release/net10.0/{PROJECTS[project]}"]
        command += ["--filter", test_filter] if self.partial else []
        command += ["--logger", "trx", "--logger", "console;verbosity=normal", "--results-directory", str(self.folder)]
        command += ["--blame-hang-timeout", patience, "--blame-hang-dump-type", "none"]
        # Only where everything runs: the number of some tests says nothing, and counting takes its time.
        if "DIRECTORYPLATFORM_FULL" in os.environ and not self.partial:
            command += collector(project)
        super().__init__(project, command)
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

    def result(self):
        outcomes = [outcome for outcome, *_ in self.tests()]
        passed, failed = outcomes.count("Passed"), len([o for o in outcomes if o in ("Failed", "Error", "Timeout", "Aborted")])
        names = [f"{name}: {' '.join(message.split())[:400]}" for outcome, name, _, message, _ in self.tests() if outcome == "Failed"]
        skipped = len(outcomes) - passed - failed
        if not list(self.files()) and not self.partial:
            names.append(f"{self.name} left no results")
        elif self.process.returncode != 0 and failed == 0:
            names.append(f"{self.name} ended with exit code {self.process.returncode} without a failed test")
        if len(names) > failed:
            say(self.said()[-4000:])
        return passed, max(failed, len(names)), skipped, names


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


def watch(works):
    last = time.monotonic()
    while not all([work.is_over for work in works]):
        time.sleep(0.1)
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            say(f"{elapsed():>6}  {'; '.join(work.progress() for work in works)}")
    say(f"{elapsed():>6}  {'; '.join(work.progress() for work in works)}")


def named_runs():
    """The names of the runs that tests carry."""
    files = [f for project in PROJECTS for f in (ROOT / project).rglob("*.cs") if "obj" not in f.parts]
    return {name for f in files for name in re.findall(r'Trait\("Run",\s*"(\w+)"\)', f.read_text(errors="replace"))}


def choose(arguments):
    """The filter of each project that is to run, None for all of it; says so to the tests, which read it from the environment."""
    for name in ("DIRECTORYPLATFORM_FULL", "DIRECTORYPLATFORM_RUN", "DIRECTORYPLATFORM_WHOLE_RUN"):
        os.environ.pop(name, None)
    filters = dict.fromkeys(PROJECTS)
    if arguments[:1] == ["--changed"]:
        asked = subprocess.run([ROOT / "build/reach", *arguments[1:]], stdout=subprocess.PIPE, text=True)
        if asked.returncode != 0:
            sys.exit(asked.returncode)
        reached = asked.stdout.splitlines()
        say("Reached: " + (", ".join(reached) or "no test"))
        names = {project: [name for of, name in (line.split() for line in reached) if of == project] for project in PROJECTS}
        filters = {
            project: None if "*" in found else "|".join(f"FullyQualifiedName~{name}." for name in found)
            for project, found in names.items() if found}
    else:
        if arguments[:1] == ["--full"]:
            os.environ["DIRECTORYPLATFORM_FULL"] = "1"
            del arguments[0]
        if arguments:
            name = arguments[0]
            is_run = "DIRECTORYPLATFORM_FULL" in os.environ and name in named_runs()
            if is_run:
                os.environ["DIRECTORYPLATFORM_RUN"] = name
            wanted = f"Run={name}" if is_run else name if re.search("[=~]", name) else f"FullyQualifiedName~{name}"
            filters = dict.fromkeys(PROJECTS, wanted)
    # What all tests together must have seen is asked only when all of them run.
    if filters == dict.fromkeys(PROJECTS):
        os.environ["DIRECTORYPLATFORM_WHOLE_RUN"] = "1"
    return filters


def finish(works):
    results = [work.result() for work in works]
    tests = [work for work in works if isinstance(work, Tests)]
    told = [(name, message, trace) for work in tests for outcome, name, _, message, trace in work.tests() if outcome == "Failed"]
    for name, message, trace in told[:20]:
        say(f"\n{name}\n{message.strip()[:4000]}\n" + "\n".join(trace.strip().split("\n")[:15]))
    slowest = sorted(((seconds, name) for work in tests for _, name, seconds, *_ in work.tests()), reverse=True)[:10]
    if slowest:
        say("\nThe slowest:\n" + "\n".join(f"{seconds:8.1f} s  {name[:120]}" for seconds, name in slowest))
    passed, failed, skipped = (sum(result[i] for result in results) for i in range(3))
    for name in [name for result in results for name in result[3]]:
        say(f"FAILED  {name}")
    if any("--collect" in work.process.args for work in tests):
        subprocess.run([ROOT / "build/coverage", *[str(work.folder) for work in tests]])
    say(f"Took {elapsed()}; what the programs said is in {RESULTS.name}/")
    say(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed > 0 or passed == 0 else 0


def main(arguments):
    os.environ["DOTNET_CLI_UI_LANGUAGE"] = "en"  # of the lines that are counted
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    filters = choose(arguments)
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir()

    beside = "tests" in filters
    build = Build("build", ["tests/Tests.csproj" if beside else "DirectoryPlatform.sln"])
    watch([build])
    if build.process.returncode != 0:
        return finish([build])
    if "DIRECTORYPLATFORM_FULL" not in os.environ:
        os.environ.update(BRIEF)
    patience = "120min" if "DIRECTORYPLATFORM_FULL" in os.environ else "10min"
    # One project after the other: beside a browser those that measure a second fail on two cores, and nothing is won
    # where the processor is what is short.
    projects = [(project, wanted, patience) for project, wanted in filters.items()]
    works = [Tests(*projects[0])] if projects else []
    # What they refer to is built, and is in use now.
    later = [Build("build-rest", LATER, "-p:BuildProjectReferences=false", niceness=NICE)] if beside else []
    # A filtered run is for somebody in the middle of something, who puts the style right later.
    if None in filters.values() or arguments[:1] == ["--changed"]:
        works.append(Style())
    watch(works + later)
    if broken := [build for build in later if build.process.returncode != 0]:
        return finish(works + broken)
    for project in projects[1:]:
        works.append(Tests(*project))
        watch(works[-1:])
    return finish(works)


sys.exit(main(sys.argv[1:]))
