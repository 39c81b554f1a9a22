#!/usr/bin/env bash
# Runs the tests of Opi with the Windows builds of .NET and PowerShell under Wine, on Linux. See docs/windows.md.
#
#   tests/windows/run.sh setup                              once: .NET, PowerShell and a Windows home below artifacts/windows (about 500 MB)
#   tests/windows/run.sh gate                               what breaks first there, in about a minute
#   tests/windows/run.sh class Opi.Core.Tests StoreTests..  classes of a test project; without a class, all of them
#   tests/windows/run.sh pester [Remove-OpiSession..]       Pester suites in pwsh; without a name, all of them
#   tests/windows/run.sh durability kill --rounds 50        a command of tests/Opi.Durability
#   tests/windows/run.sh installed                          the packed module in a Windows home, with the logs of other agents
#   tests/windows/run.sh pwsh -NoProfile -File x.ps1        pwsh itself
#   tests/windows/run.sh all                                everything, in some 40 minutes
#   tests/windows/run.sh continue                           goes on with `all`: what has its results already is not run again
#   tests/windows/run.sh figures                            the results of `all` so far, a line for each group
#
# It needs the .NET SDK, wine (64 bit) and x86_64-w64-mingw32-gcc, and takes the builds from NuGet. The last line counts the results:
# "N passed, N failed, N skipped". What fails by Wine's fault stands in wine.tsv with its reason and counts as skipped. The results and logs
# of each part are below artifacts/windows/results, for `all` below artifacts/windows/all; RESULTS names another folder, for a second run
# at the same time. LIMIT and IDLE are the seconds that a process may take, and those without output; a busy machine needs more.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$root/artifacts/windows
configuration=${CONFIGURATION:-debug}
runtime=10.0.12
powershell=7.6.9
limit=${LIMIT:-900}   # seconds for one process, and of them without any output: one that hangs is ended
idle=${IDLE:-150}

windows_path() { echo "Z:${1//\//\\}"; }

export WINEPREFIX=$work/prefix WINEDEBUG=-all
export DOTNET_ROOT=$(windows_path "$work/dotnet")
export DOTNET_HOST_PATH=$DOTNET_ROOT'\dotnet.exe'
export WINEPATH="$DOTNET_ROOT;$(windows_path "$work/powershell")"
export DOTNET_EnableWriteXorExecute=0         # with it, the code that .NET generates crashes under Wine 8
export DOTNET_CLI_TELEMETRY_OPTOUT=1 POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off NO_COLOR=1

missing() {
    command -v wine > /dev/null || { echo "wine is not on this machine"; return; }
    command -v x86_64-w64-mingw32-gcc > /dev/null || { echo "x86_64-w64-mingw32-gcc is not on this machine"; return; }
}

# One result: its word, where, what, why.
row() {
    local word=$1 where=$2 what=$3 why=${4:-}
    if [ "$word" = FAIL ]; then
        local reason
        reason=$(of_wine "$where" "$what") && word=SKIP why="Wine: $reason"
    fi
    case $word in
        FAIL) echo "FAILED $where: $what: $why" ;;
        SKIP) echo "skipped $where: $what: $why" ;;
    esac
    printf '%s\t%s\t%s\t%s\n' "$word" "$where" "$what" "$why" >> "$results"
}

# The reason why a failure is Wine's own, from wine.tsv: where, an extended regular expression of the name, the reason.
of_wine() {
    local where what reason
    while IFS=$'\t' read -r where what reason; do
        case $where in ''|'#'*) continue ;; esac
        if [ "$where" = "$1" ] && grep -qE -- "$what" <<< "$2"; then
            echo "$reason"
            return 0
        fi
    done < "$here/wine.tsv"
    return 1
}

# Runs a part, unless its results are there. They get their name when it has ended: one that was cut off runs again as a whole.
part() {
    local name=$1
    shift
    [ ! -f "$out/$name.tsv" ] || return 0
    results=$out/$name.unfinished
    : > "$results"
    "$@"
    mv "$results" "$out/$name.tsv"
}

count() { cat "$out"/*.tsv 2> /dev/null | grep -c "^$1" || true; }

finish() {
    local passed failed skipped
    passed=$(count PASS) failed=$(count FAIL) skipped=$(count SKIP)
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ $((passed + skipped)) -gt 0 ]
}

# Passed, failed and skipped of each group, and which parts of it have ended.
figures() {
    local file
    for file in "$out"/*.tsv; do
        sed "s/^/$(basename "$file" .tsv)\t/" "$file"
    done | awk -F'\t' '
        { n[$3, $2]++ }
        !(($3, $1) in seen) { seen[$3, $1]; parts[$3]++ }
        END { for (g in parts) printf "%s: %d parts, %d passed, %d failed, %d skipped\n", g, parts[g], n[g, "PASS"], n[g, "FAIL"], n[g, "SKIP"] }' | sort
}

dotnet_there() { timeout "$limit" wine "$work/dotnet/dotnet.exe" "$@"; }

# pwsh asks the console for its size, also where its output is redirected: it runs on a pseudo terminal.
pwsh_there() {
    local line argument
    line="timeout $limit wine $(printf %q "$work/powershell/pwsh.exe")"
    for argument; do line+=" $(printf %q "$argument")"; done
    SHELL=/bin/bash script -qec "stty cols 200 rows 50; $line" /dev/null < /dev/null |
        sed -u -e 's/\x1b\][^\x07]*\x07//g' -e 's/\x1b\[[0-9;?]*[a-zA-Z]//g' -e 's/\r//g'
}

setup() {
    local packages name part fxr=$work/dotnet/host/fxr/$runtime
    rm -rf "$work"
    mkdir -p "$work/get" "$fxr"
    cat > "$work/get/get.csproj" <<P
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="Microsoft.NETCore.App.Runtime.win-x64" Version="[$runtime]" />
    <PackageDownload Include="Microsoft.WindowsDesktop.App.Runtime.win-x64" Version="[$runtime]" />
    <PackageDownload Include="PowerShell" Version="[$powershell]" />
  </ItemGroup>
</Project>
P
    unset DOTNET_ROOT DOTNET_HOST_PATH   # those are for Windows
    dotnet restore --nologo -v quiet "$work/get/get.csproj" || return
    dotnet build --nologo -v quiet -c "$configuration" "$here/Runner" || return
    packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')
    for name in NETCore WindowsDesktop; do
        part=$work/dotnet/shared/Microsoft.$name.App/$runtime
        mkdir -p "$part"
        find "$packages/microsoft.${name,,}.app.runtime.win-x64/$runtime/runtimes/win-x64" -type f -exec cp {} "$part" \; || return
    done
    cp "$work/dotnet/shared/Microsoft.NETCore.App/$runtime/hostfxr.dll" "$fxr/" || return
    cp -r "$packages/powershell/$powershell/tools/net10.0/any/win" "$work/powershell" || return
    x86_64-w64-mingw32-gcc -municode -O1 "-DFXR=\"$runtime\"" -o "$work/dotnet/dotnet.exe" "$here/dotnet.c" || return
    wineboot --init > /dev/null 2>&1
    wine winecfg -v win10 > /dev/null 2>&1
    wineserver -w
    own_folders
    touch "$work/ready"
}

# Wine makes Documents and others links to the Unix home: here they are folders of the Windows home alone.
own_folders() {
    local link
    find "$WINEPREFIX/drive_c/users" -type l | while read -r link; do
        rm "$link"
        mkdir "$link"
    done
}

# Sets up where that was not done, and builds what is missing.
prepare() {
    local reason
    reason=$(missing)
    if [ -n "$reason" ]; then
        echo "$reason" >&2
        exit 77
    fi
    [ -f "$work/ready" ] || (setup) || { echo "the setup failed" >&2; exit 1; }
}

# The folder for the results of this run: empty, unless it goes on with one.
results_in() {
    prepare
    out=$work/${RESULTS:-$1}
    [ "${2:-}" = continue ] || rm -rf "$out"
    mkdir -p "$out"
}

# The classes of a test project, by the names that their results would have.
classes_of() {
    grep -rhE '^public (sealed |abstract |static |partial )*class [A-Za-z0-9]+Tests\b' "$root/tests/$1" --include='*.cs' |
        grep -vE ' abstract |;$' | sed -E 's/.*class ([A-Za-z0-9]+Tests).*/\1/' | sort -u
}

# Runs a class in a process of its own. Where the process dies, the rest runs in another one, and the test at which it died once more alone.
run_class() {
    local project=$1 class=$2 bin=$root/artifacts/bin/$1/$configuration again=() id
    local log=$out/$project.$class.log done=$out/$project.$class.done
    : > "$done"
    : > "$log.all"
    for round in 1 2 3 4 5 6 7 8; do
        runner "$bin" "$project" "$log" "$class" without "$(windows_path "$done")"
        cat "$log" >> "$log.all"
        read_results "$project" "$log" "$done"
        grep -q ^END "$log" && break
        id=$(last_started "$log")
        if [ -z "$id" ]; then
            row FAIL "$project" "$class" "the process ended before a test began: $(tail -n 1 "$log")"
            return
        fi
        again+=("$id")
        echo "$id" >> "$done"
    done
    grep -q ^END "$log" || row FAIL "$project" "$class" "the process died $round times"
    for id in ${again[@]+"${again[@]}"}; do
        runner "$bin" "$project" "$log" "$class" only "$id"
        cat "$log" >> "$log.all"
        read_results "$project" "$log" /dev/null
        grep -q ^END "$log" || row FAIL "$project" "$class.$(awk -F'\t' '$1 == "RUN" { name = $3 } END { print name }' "$log")" "the process died or hung"
    done
    mv "$log.all" "$log"
}

runner() {
    local bin=$1 project=$2 log=$3 patience=$idle size=-1 before quiet=0 ended=0 child
    shift 3
    case $1 in FaultTests|KillTests|LargeFileTests|PesterTests) patience=$limit ;; esac
    local dll=artifacts/bin/Opi.WindowsRunner/$configuration/Opi.WindowsRunner.dll
    cmp -s "$root/$dll" "$bin/Opi.WindowsRunner.dll" || cp "$root/$dll" "$bin/" || return # another run may have it open
    dotnet_there exec --depsfile "$bin/$project.deps.json" --runtimeconfig "$bin/$project.runtimeconfig.json" \
        "$bin/Opi.WindowsRunner.dll" "$bin/$project.dll" "$@" > "$log" 2>&1 < /dev/null &
    child=$!
    while kill -0 "$child" 2> /dev/null; do
        sleep 0.5
        before=$size
        size=$(stat -c %s "$log")
        if [ "$size" -ne "$before" ]; then quiet=0; else quiet=$((quiet + 1)); fi
        if has_ended "$child"; then ended=$((ended + 1)); fi
        if [ "$quiet" -gt $((patience * 2)) ] || [ "$ended" -gt 6 ]; then
            pkill -P "$child" # what timeout runs
            kill "$child" 2> /dev/null
        fi
    done
    wait "$child" 2> /dev/null
}

# Whether the program that timeout runs has ended but for a thread that Wine does not end.
has_ended() {
    local timeout
    timeout=$(pgrep -P "$1") && ps -o stat= --ppid "$timeout" | grep -q ^Z
}

read_results() {
    local word id name text
    while IFS=$'\t' read -r word id name text; do
        row "$word" "$1" "$name" "$text"
        [ -z "$id" ] || echo "$id" >> "$3"
    done < <(tr -d '\r' < "$2" | grep -aE $'^(PASS|FAIL|SKIP)\t')
}

# The id of the test that had begun and did not end.
last_started() {
    tr -d '\r' < "$1" | awk -F'\t' '$1 == "RUN" { id = $2 } $1 ~ /^(PASS|FAIL|SKIP)$/ { id = "" } END { print id }'
}

run_classes() {
    local project=$1 reason
    shift
    [ $# -gt 0 ] || set -- $(classes_of "$project")
    for class; do
        if reason=$(of_wine "$project" "$class"); then
            part "$project.$class" row SKIP "$project" "$class" "Wine: $reason"
        else
            part "$project.$class" run_class "$project" "$class"
        fi
    done
}

run_pester() {
    local suite module
    module=$(pester_module)
    [ $# -gt 0 ] || set -- $(cd "$root/tests/Pester" && ls -- *.Tests.ps1 | sed 's/\.Tests\.ps1$//')
    for suite; do
        part "Pester.$suite" run_suite "$suite" "$module"
    done
}

pester_module() {
    local packages
    packages=$(DOTNET_ROOT= dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')
    ls -d "$packages"/pester/*/tools/Pester.psd1 | tail -n 1
}

run_suite() {
    local suite=$1 log=$out/Pester.$1.log lines=$out/Pester.$1.jsonl word name text
    rm -f "$lines"
    limit=${LIMIT:-300} pwsh_there -NoProfile -ExecutionPolicy Bypass -File "$(windows_path "$root/tests/Pester/Invoke-Suites.ps1")" \
        -Pester "$(windows_path "$2")" -Suite "$suite" -Results "$(windows_path "$lines")" -Output Detailed > "$log" 2>&1
    if [ -s "$lines" ]; then
        while IFS=$'\t' read -r word name text; do
            row "$word" Pester "$suite: $name" "$text"
        done < <(pester_rows < "$lines")
    else
        row FAIL Pester "$suite" "the suite gave no results: $(grep -v '^ *$' "$log" | tail -n 1)"
    fi
}

# From the lines of JSON that Invoke-Suites.ps1 writes, in its order of members.
pester_rows() {
    sed -nE 's/\r$//; s/^\{"suite":"[^"]*","name":"(([^"\\]|\\.)*)","result":"([A-Za-z]+)","message":"(.*)"\}$/\3\t\1\t\4/p' |
        sed -e 's/^Passed/PASS/' -e 's/^\(Skipped\|Inconclusive\)/SKIP/' -e 's/^\(Failed\|NotRun\)/FAIL/'
}

named_for() { tr ' ' '-' <<< "Durability.$*"; }

run_durability() { part "$(named_for "$@")" run_command "$@"; }

run_command() {
    local log code
    log=$out/$(named_for "$@").log
    dotnet_there "$root/artifacts/bin/Opi.Durability/$configuration/Opi.Durability.dll" "$@" > "$log" 2>&1
    code=$?
    tr -d '\r' < "$log"
    case $code in
        0) row PASS Durability "$*" ;;
        77) row SKIP Durability "$*" "$(tr -d '\r' < "$log" | tail -n 1)" ;;
        *) row FAIL Durability "$*" "exit code $code" ;;
    esac
}

empty_home() {
    rm -rf "$1/Documents/PowerShell" "$1/AppData/Local/opi" "$1"/.claude "$1"/.codex "$1"/.gemini "$1"/.local "$1"/.pi
}

# The module installed in a Windows home that is new each time, as PowerShell and the agents lay it out.
run_installed() { part Installed installed; }

installed() {
    local log=$out/Installed.log lines=$out/Installed.lines word name text home=$WINEPREFIX/drive_c/users/$(id -un)
    rm -f "$lines"
    empty_home "$home"
    pwsh_there -NoProfile -ExecutionPolicy Bypass -File "$(windows_path "$here/Installed.ps1")" \
        -Root "$(windows_path "$root")" -Results "$(windows_path "$lines")" > "$log" 2>&1
    while IFS=$'\t' read -r word name text; do
        row "$word" Installed "$name" "$text"
    done < <(tr -d '\r' < "$lines")
    empty_home "$home" # other tests read what agents left there
    grep -qa $'\tthe ledger takes' "$lines" || row FAIL Installed Installed.ps1 "it did not come to its end: $(grep -v '^ *$' "$log" | tail -n 1)"
}

task=${1:-gate}
[ $# -eq 0 ] || shift
case $task in
    setup)
        reason=$(missing)
        [ -z "$reason" ] || { echo "$reason" >&2; exit 77; }
        setup
        exit ;;
    pwsh)
        prepare
        pwsh_there "$@"
        exit ;;
    dotnet)
        prepare
        dotnet_there "$@"
        exit ;;
    class)
        results_in results
        run_classes "$@"
        finish ;;
    pester)
        results_in results
        run_pester "$@"
        finish ;;
    durability)
        results_in results
        run_durability "$@"
        finish ;;
    installed)
        results_in results
        run_installed
        finish ;;
    gate)
        results_in results
        run_classes Opi.Core.Tests WindowsSharingTests WriterTests StoreTests IntegrityTests OwnPricesTests
        run_pester Remove-OpiSession New-OpiSession Resume-OpiSession Set-OpiPricing
        finish ;;
    all | continue)
        results_in all "$task"
        run_pester
        run_installed
        run_durability kill --rounds 50
        run_durability part fight
        run_durability part ledger
        run_classes Opi.Core.Tests
        run_classes Opi.PowerShell.Tests
        run_durability suite --minutes 0
        figures
        finish ;;
    figures)
        results_in all continue
        figures
        finish ;;
    *)
        sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
        exit 2 ;;
esac
