"""What ./test does once everything it needs is there: builds, runs both test projects, the style check beside the first, and sums up.

While it works it tells every few seconds how far it is; at the end come what failed and what it said, the ten slowest tests,
what failed at first only, the time, and as the last line the sum.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from works import NICE, PROJECTS, RESULTS, ROOT, Again, Build, Style, Tests, elapsed, leave, say, short

# Built beside the first tests, in the gaps that they leave.
LATER = ("tests-browser/Tests.Browser.csproj", "bench/Bench.csproj")
EVERY = 5  # seconds between two lines of progress
# What a small run calls is seldom called often enough to be worth compiling a second time, and memory for code is not locked against being
# written: a fifth of the tests' processor time. The tests' databases lie in memory, where there is enough: a tenth.
BRIEF = {"DOTNET_TC_CallCounting": "0", "DOTNET_EnableWriteXorExecute": "0", "DIRECTORYPLATFORM_IN_MEMORY": "1"}


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


def give_another_chance(tests):
    if Again.may(tests):
        again = Again(tests)
        watch([again])
        again.compare()


def finish(works):
    results = [work.result() for work in works]
    tests = [work for work in works if isinstance(work, Tests)]
    for name, message, trace in [failure for work in tests for failure in work.failures(also_unsteady=True)][:20]:
        say(f"\n{name}\n{message.strip()[:4000]}\n" + "\n".join(trace.strip().split("\n")[:15]))
    slowest = sorted(((seconds, name) for work in tests for _, name, seconds, *_ in work.tests()), reverse=True)[:10]
    if slowest:
        say("\nThe slowest:\n" + "\n".join(f"{seconds:8.1f} s  {name[:120]}" for seconds, name in slowest))
    passed, failed, skipped = (sum(result[i] for result in results) for i in range(3))
    for name in [name for result in results for name in result[3]]:
        say(f"FAILED  {name}")
    for name, message in [unsteady for work in tests for unsteady in work.unsteady.items()]:
        say(f"UNSTEADY  {name}: {short(message)}")
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
    if projects:
        give_another_chance(works[0])
    if broken := [build for build in later if build.process.returncode != 0]:
        return finish(works + broken)
    for project in projects[1:]:
        works.append(Tests(*project))
        watch(works[-1:])
        give_another_chance(works[-1])
    return finish(works)


sys.exit(main(sys.argv[1:]))
