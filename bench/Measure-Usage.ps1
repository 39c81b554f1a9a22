# Reads the usage of Claude Code's logs in a warm session, against ccusage's native program on the same files, round by round.
param(
    [Parameter(Mandatory)] [string] $Corpus, # a folder with projects in it
    [Parameter(Mandatory)] [string] $Ccusage, # the native program of the npm package ccusage 20
    [int] $Rounds = 15,
    [int] $WarmUps = 12
)
$ErrorActionPreference = 'Stop'
$WarningPreference = 'SilentlyContinue'
$manifest = Join-Path $PSScriptRoot '../Opi.psd1'
Import-Module $manifest
$env:CLAUDE_CONFIG_DIR = (Resolve-Path $Corpus).ProviderPath

function Measure-Run([scriptblock] $run) {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $null = & $run
    $clock.Elapsed.TotalMilliseconds
}
function Get-Median([double[]] $values) { $sorted = $values | Sort-Object; $sorted[[int][Math]::Floor($sorted.Count / 2)] }
function Write-Ratio([string] $what, [double[]] $mine, [double[]] $its) {
    $ratios = for ($i = 0; $i -lt $mine.Count; $i++) { $its[$i] / $mine[$i] }
    $range = $ratios | Measure-Object -Minimum -Maximum
    '{0}: {1:N0} ms; ccusage {2:N0} ms; {3:N2} ({4:N2} to {5:N2}) times faster' -f $what, (Get-Median $mine), (Get-Median $its), (Get-Median $ratios), $range.Minimum, $range.Maximum
}

$native = {
    $report = & $Ccusage claude daily --json --offline
    if ($LASTEXITCODE -ne 0 -or -not ($report -match '"totals"')) { throw "'$Ccusage' gives no report (exit code $LASTEXITCODE). Is it executable?" }
}
& $native
$rows = { Get-OpiUsage -Source ClaudeCode }
$days = { Get-OpiCost -Source ClaudeCode -By Day }
$count = (& $rows).Count
if ($count -eq 0) { throw "There is no usage in '$Corpus'. It must be a folder with projects in it." }
$cold = {
    $command = "Import-Module '$manifest'; @(Get-OpiUsage -Source ClaudeCode -WarningAction SilentlyContinue).Count"
    $read = & "$PSScriptRoot/../tools/Invoke-NewPowerShell.ps1" -NoProfile -Command $command
    if ($read -ne $count) { throw "A whole process gave '$read' where there are $count rows." }
}
$cases = @(
    @{ Name = 'rows'; Run = $rows }
    if ((Get-Command Get-OpiCost).Parameters.ContainsKey('Source')) { @{ Name = 'by day'; Run = $days } }
    @{ Name = 'a whole process'; Run = $cold }
)
foreach ($case in $cases) {
    if ($case.Name -ne 'a whole process') { 1..$WarmUps | ForEach-Object { $null = & $case.Run } }
    $mine = [Collections.Generic.List[double]]::new(); $its = [Collections.Generic.List[double]]::new()
    1..$Rounds | ForEach-Object {
        $its.Add((Measure-Run $native))
        $mine.Add((Measure-Run $case.Run))
    }
    Write-Ratio $case.Name $mine $its
}
