# Opi as it is installed on Windows: the packed module below Documents\PowerShell\Modules, imported by its name, the README's user story, the
# quickstart, and the logs of other agents where they keep them. Each line of the results is one: PASS or FAIL, what, why, with tabs between them.
param(
    # The checkout, built.
    [Parameter(Mandatory)] [string] $Root,

    # The file for the results.
    [Parameter(Mandatory)] [string] $Results
)

$ErrorActionPreference = 'Stop'
$work = Join-Path ([IO.Path]::GetTempPath()) "opi-installed-$PID"
$null = New-Item $work -ItemType Directory
Set-Location $work

function Test-Case ([string] $What, [scriptblock] $Script) {
    try { & $Script; $line = "PASS`t$What" } catch { $line = "FAIL`t$What`t$($_ -replace '\s+', ' ')" }
    Add-Content $Results $line
    $line
}

function Assert-Equal ($Expected, $Actual, [string] $Of) {
    if ("$Expected" -ne "$Actual") { throw "$Of is '$Actual', not '$Expected'" }
}

$version = (Import-PowerShellDataFile "$Root\Opi.psd1").ModuleVersion
$modules = Join-Path ([Environment]::GetFolderPath('MyDocuments')) 'PowerShell\Modules'
Test-Case 'the module is copied to where PowerShell looks for it' {
    $target = New-Item (Join-Path $modules "Opi\$version") -ItemType Directory -Force
    foreach ($item in 'bin', 'en-US', 'docs', 'examples', 'Opi.psd1', 'README.md', 'CHANGELOG.md', 'LICENSE') { Copy-Item "$Root\$item" $target -Recurse -Force }
    $paths = $env:PSModulePath -split ';'
    if ($modules -notin $paths) { throw "'$modules' is not among $paths" }
}

Test-Case 'Import-Module Opi finds it' {
    Import-Module Opi
    Assert-Equal (Join-Path $modules "Opi\$version") (Get-Module Opi).ModuleBase 'the base of the module'
    $missing = (Get-Command -Module Opi).Where({ -not (Get-Help $_.Name).Synopsis -or (Get-Help $_.Name).Synopsis -match "^\s*$($_.Name)" })
    if ($missing) { throw "no help for $missing" }
}

Test-Case 'the user story' {
    $s = New-OpiSession -Model anthropic:claude-sonnet-4-5
    $turn = $s | Add-OpiTurn -User 'List the failing tests' -Assistant 'Three fail: ...' -InputTokens 1200 -OutputTokens 300
    $null = $s | Invoke-OpiCompaction
    Get-OpiCost | Export-Csv cost.csv
    Assert-Equal 0.0081 $turn.Cost 'the cost of the turn' # 1,200 at 3 and 300 at 15 USD for a million
    Assert-Equal 0.0081 (@(Import-Csv cost.csv).Where({ $_.SessionId -eq $s.Id }).TotalCost) 'the cost in the file'
    Assert-Equal (Join-Path $env:LOCALAPPDATA 'opi\sessions') (Split-Path $s.Path) 'the folder of sessions'
    $s | Close-OpiSession
    $s | Remove-OpiSession -Force
    if (Test-Path "$($s.Path)*") { throw "left: $(Get-ChildItem "$($s.Path)*")" }
}

Test-Case 'the quickstart' {
    $lines = & "$Root\examples\quickstart.ps1" -Path (Join-Path $work 'quickstart') | Out-String
    if ($lines -notmatch 'Closed and resumed: the same') { throw $lines }
}

# The recorded logs of tests/data, each laid out as its agent does on Windows.
$data = "$Root\tests\data\agent-logs"
$expected = Get-Content "$data\expected.json" -Raw | ConvertFrom-Json -AsHashtable
$places = [ordered]@{
    ClaudeCode = 'claude/entire-2064.jsonl', "$env:USERPROFILE\.claude\projects\C--Users-ada-proj\s.jsonl"
    Codex = 'codex/localpush-small.jsonl', "$env:USERPROFILE\.codex\sessions\2026\11\25\rollout-2026-11-25T10-00-00-s.jsonl"
    Gemini = 'gemini/entire-a.json', "$env:USERPROFILE\.gemini\tmp\0123abcd\chats\session-2026-11-25.json"
    OpenCode = 'opencode/agentsessions-large-msg0002.json', "$env:USERPROFILE\.local\share\opencode\storage\message\ses_1\msg_0001.json"
    Pi = 'pi/specstory-real-world.jsonl', "$env:USERPROFILE\.pi\agent\sessions\--C--Users-ada-proj--\s.jsonl"
}
foreach ($source in $places.Keys) {
    $log, $place = $places[$source]
    Test-Case "the logs of $source" {
        $null = New-Item (Split-Path $place) -ItemType Directory -Force
        Copy-Item "$data\$log" $place
        $rows = @(Get-OpiUsage -Source $source)
        $sums = $rows | Measure-Object InputTokens, OutputTokens, CacheReadTokens, CacheWriteTokens -Sum
        foreach ($pair in @('input', 0), @('output', 1), @('cacheRead', 2), @('cacheWrite', 3)) {
            Assert-Equal ([long]$expected[$log][$pair[0]]) ([long]$sums[$pair[1]].Sum) $pair[0]
        }
    }
}

Test-Case 'the ledger takes all of them, and once' {
    $first = Update-OpiLedger
    if ($first.Added -eq 0) { throw 'nothing was added' }
    Assert-Equal 0 (Update-OpiLedger).Added 'what a second update added'
    Assert-Equal (Join-Path $env:LOCALAPPDATA 'opi\ledger') $first.Path 'the folder of the ledger'
}

Get-OpiSession -Open | Close-OpiSession
