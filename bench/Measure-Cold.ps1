# Measures what a new PowerShell costs that reads 200 MB of Claude Code's logs once, beside ccusage's native program on the same files: processor time
# and time by the clock, round by round in shuffled order. Opi's own part is what an empty PowerShell does not take. Two modules can be compared.
param(
    [Parameter(Mandatory)] [string] $Corpus, # a folder with projects in it
    [Parameter(Mandatory)] [string] $Ccusage, # the native program of the npm package ccusage 20
    [string[]] $Module = @(Join-Path $PSScriptRoot '../Opi.psd1'), # manifests: of an installed package, whose library is compiled ahead
    [string] $PowerShell, # pwsh, or a pwsh.dll; the one that runs this by default. The .NET tool is not compiled ahead, packages of PowerShell are.
    [int] $Rounds = 9
)
$ErrorActionPreference = 'Stop'
$env:CLAUDE_CONFIG_DIR = (Resolve-Path $Corpus).ProviderPath
$modules = @(Convert-Path $Module)

$program = $PowerShell ? (Get-Command $PowerShell).Source : [Environment]::ProcessPath
$before = @()
if ($program -like '*.dll') { $program, $before = 'dotnet', @($program) }
elseif ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { $before = @([Environment]::GetCommandLineArgs()[0]) }

function New-Case ([string] $Name, [string] $Program, [string[]] $Arguments, [string] $Expected) {
    [pscustomobject]@{
        Name = $Name; Program = $Program; Arguments = $Arguments; Expected = $Expected
        Clock = [Collections.Generic.List[double]]::new(); Processor = [Collections.Generic.List[double]]::new()
    }
}
function New-ShellCase ([string] $Name, [string] $Script) {
    New-Case $Name $program ($before + '-NoProfile', '-NonInteractive', '-Command', $Script) '^\d+\s*$'
}

# The processor time of a child that has ended is not to be had from .NET on Linux and macOS, but that of all children is from the system.
if (-not $IsWindows) {
    Add-Type -Namespace Opi.Bench -Name Children -MemberDefinition '[DllImport("libc")] public static extern int getrusage(int who, long[] usage);'
}
function Get-ChildTime {
    $usage = [long[]]::new(32)
    if ([Opi.Bench.Children]::getrusage(-1, $usage) -ne 0) { throw 'getrusage failed.' }
    ($usage[0] + $usage[2]) * 1000 + (($usage[1] -band 0xFFFFFFFFL) + ($usage[3] -band 0xFFFFFFFFL)) / 1000
}
function Invoke-Case ($Case, [switch] $Count) {
    $start = [Diagnostics.ProcessStartInfo]::new($Case.Program)
    foreach ($argument in $Case.Arguments) { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $used = $IsWindows ? 0 : (Get-ChildTime)
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $process = [Diagnostics.Process]::Start($start)
    $errors = $process.StandardError.ReadToEndAsync()
    $output = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    $elapsed = $clock.Elapsed.TotalMilliseconds
    if ($process.ExitCode -ne 0 -or $output -notmatch $Case.Expected) {
        throw "$($Case.Name) ended with exit code $($process.ExitCode): $($errors.Result) $output"
    }
    $used = $IsWindows ? $process.TotalProcessorTime.TotalMilliseconds : (Get-ChildTime) - $used
    if ($Count) { $Case.Clock.Add($elapsed); $Case.Processor.Add($used) }
    $process.Dispose()
}
function Get-Median ($Values) { $sorted = @($Values | Sort-Object); $sorted[[int][Math]::Floor($sorted.Count / 2)] }

$rows = '@(Get-OpiCost -Source ClaudeCode -By Day -WarningAction Ignore -ErrorAction Stop).Count'
$empty = New-ShellCase 'empty PowerShell' '0'
$native = New-Case 'ccusage' $Ccusage @('claude', 'daily', '--json', '--offline') '"totals"'
$reports = foreach ($manifest in $modules) {
    $import = "Import-Module '$($manifest.Replace("'", "''"))' -ErrorAction Stop"
    [pscustomobject]@{
        Module = $manifest
        Import = New-ShellCase "import of $manifest" "$import; 0"
        Report = New-ShellCase "report of $manifest" "$import; $rows"
    }
}
$cases = @($empty; $native; $reports.Import; $reports.Report)
$cases | ForEach-Object { Invoke-Case $_ } # what the system has in its caches afterwards
1..$Rounds | ForEach-Object { $cases | Get-Random -Shuffle | ForEach-Object { Invoke-Case $_ -Count } }

$cases | ForEach-Object {
    [pscustomobject]@{
        Process = $_.Name
        Processor = [Math]::Round((Get-Median $_.Processor)); ProcessorLeast = [Math]::Round(($_.Processor | Measure-Object -Minimum).Minimum)
        Clock = [Math]::Round((Get-Median $_.Clock)); ClockLeast = [Math]::Round(($_.Clock | Measure-Object -Minimum).Minimum)
    }
} | Format-Table | Out-String | Write-Host

foreach ($report in $reports) {
    foreach ($time in 'Processor', 'Clock') {
        $own = (Get-Median $report.Report.$time) - (Get-Median $empty.$time)
        $its = Get-Median $native.$time
        '{0}, {1} time: own part {2:N0} ms, {3:N2} of ccusage ({4:N0} ms)' -f $report.Module, $time.ToLowerInvariant(), $own, ($own / $its), $its
    }
}
