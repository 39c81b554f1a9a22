# Runs the suites beside it in this PowerShell, and writes a line of JSON for each test: what the xunit test PesterTests reads.
# An exit code other than 0 means that a test failed, or that the suites could not be run.
param(
    # Pester 5 or later: the name of the module, or the path of its manifest.
    [string] $Pester = 'Pester',

    # The suites to run, by name without .Tests.ps1, with commas between them.
    [string] $Suite = '*',

    # The file for the lines of JSON.
    [string] $Results,

    [ValidateSet('None', 'Normal', 'Detailed')]
    [string] $Output = 'Normal'
)

$ErrorActionPreference = 'Stop'
Import-Module $Pester -MinimumVersion 5.0

$files = Get-ChildItem $PSScriptRoot -Filter *.Tests.ps1 | Where-Object {
    $name = $_.Name -replace '\.Tests\.ps1$'
    $Suite -split ',' | Where-Object { $name -like $_.Trim() }
}
if (-not $files) { throw "There is no suite '$Suite' in $PSScriptRoot." }

$configuration = New-PesterConfiguration
$configuration.Run.Path = $files.FullName
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = $Output
$run = Invoke-Pester -Configuration $configuration

function Get-SuiteName ($Item) { [IO.Path]::GetFileName("$($Item.Item)") -replace '\.Tests\.ps1$' }
function Get-ErrorText ($Item) {
    # Without the lines of Pester itself.
    $ofPester = 'Pester\.(psm1|ScriptScope\.ps1)|Invoke-Suites\.ps1'
    ($Item.ErrorRecord | ForEach-Object { "$_"; $_.ScriptStackTrace -split '\r?\n' -notmatch $ofPester }) -join "`n"
}

$lines = & {
    foreach ($test in $run.Tests) {
        $suiteName = Get-SuiteName $test.Block.BlockContainer
        [ordered]@{ suite = $suiteName; name = $test.ExpandedPath; result = "$($test.Result)"; message = Get-ErrorText $test }
    }
    # What fails outside of a test: a BeforeAll or AfterAll, a file that cannot be read.
    foreach ($block in $run.FailedBlocks) {
        $suiteName = Get-SuiteName $block.BlockContainer
        [ordered]@{ suite = $suiteName; name = "$($block.ExpandedPath) (the block)"; result = 'Failed'; message = Get-ErrorText $block }
    }
    foreach ($container in $run.FailedContainers) {
        [ordered]@{ suite = Get-SuiteName $container; name = '(the file)'; result = 'Failed'; message = Get-ErrorText $container }
    }
}
if ($Results) { $lines | ForEach-Object { $_ | ConvertTo-Json -Compress } | Set-Content $Results -Encoding utf8NoBOM }
if ($run.Result -ne 'Passed') { exit 1 }
