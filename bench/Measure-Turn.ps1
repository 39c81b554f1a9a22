<#
.SYNOPSIS
Measures what a round of Invoke-OpiTurn takes beside the bare request, at a session of so many megabytes.

.DESCRIPTION
Starts the stand-in for the providers (tests/Opi.ProviderStub), makes a session of so many turns of 4 kB, compacts it to a few messages, and takes
turns of two requests each with a tool. In shuffled order it times such a turn and two bare calls of Invoke-RestMethod with the bodies that the turn
sent, and prints for one round the medians and that of the difference, the difference of the best times, and that of the time of the processor.
Build first: dotnet build -c Release.

.EXAMPLE
pwsh -NoProfile bench/Measure-Turn.ps1
#>
param(
    [int] $Turns = 6000,
    [int] $Rounds = 40,
    [ValidateSet('Flush', 'Buffered')] [string] $Durability = 'Flush',
    [string] $Module = "$PSScriptRoot/../Opi.psd1"
)

$ErrorActionPreference = 'Stop'
Import-Module $Module
$folder = Join-Path ([IO.Path]::GetTempPath()) "opi-measure-$([guid]::NewGuid().ToString('n').Substring(0, 8))"
$program = Get-ChildItem "$PSScriptRoot/../artifacts/bin/Opi.ProviderStub/*/Opi.ProviderStub.dll" | Sort-Object LastWriteTime | Select-Object -Last 1
$start = [Diagnostics.ProcessStartInfo]::new('dotnet', @($program.FullName))
$start.RedirectStandardInput = $start.RedirectStandardOutput = $true
$stub = [Diagnostics.Process]::Start($start)
$address = $stub.StandardOutput.ReadLine()

function Get-Median([double[]] $Values) { ($Values | Sort-Object)[[int][math]::Floor($Values.Count / 2)] }

try {
    $s = New-OpiSession anthropic:claude-sonnet-4-5 -Path $folder -Durability Buffered -NoCompaction
    $text = 'x' * 2000
    1..$Turns | ForEach-Object { [pscustomobject]@{ User = "$_ $text"; Assistant = "$_ $text"; InputTokens = 10; OutputTokens = 10 } } |
        Add-OpiTurn -Session $s | Out-Null
    $null = Invoke-OpiCompaction $s -Strategy Core -KeepRecentTurns 2
    $path = $s.Path
    $s | Close-OpiSession
    $s = Resume-OpiSession $path -Durability $Durability -NoCompaction
    $first = (Get-OpiEntry $s -Last 1).Id

    $api = @{ Uri = "$address/v1/messages"; Method = 'Post'; ContentType = 'application/json'; Headers = @{ 'x-api-key' = 'test'; 'anthropic-version' = '2023-06-01' } }
    $bodies = [Collections.Generic.List[string]]::new()
    $tools = @{ read = { param([string] $Path) 'content' } }
    $turn = {
        $bodies.Clear()
        $null = Invoke-OpiTurn $s 'Read a.txt' -Tool $tools -Send { $json = $_.Json; $bodies.Add($json); Invoke-RestMethod @api -Body $json }
    }
    $bare = { foreach ($body in $bodies) { $null = Invoke-RestMethod @api -Body $body } }

    foreach ($i in 1..5) { & $turn; & $bare; $s | Switch-OpiBranch -EntryId $first }
    $self = [Diagnostics.Process]::GetCurrentProcess()
    $measure = {
        param($script)
        $self.Refresh()
        $cpu = $self.TotalProcessorTime
        $time = (Measure-Command $script).TotalMilliseconds
        $self.Refresh()
        [pscustomobject]@{ Time = $time / 2; Cpu = ($self.TotalProcessorTime - $cpu).TotalMilliseconds / 2 }
    }
    $times = foreach ($i in 1..$Rounds) {
        if ($i % 2) { $opi = & $measure $turn; $plain = & $measure $bare } else { $plain = & $measure $bare; $opi = & $measure $turn }
        $s | Switch-OpiBranch -EntryId $first # each turn has the same context
        [pscustomobject]@{ Opi = $opi.Time; Bare = $plain.Time; Over = $opi.Time - $plain.Time; OpiCpu = $opi.Cpu; BareCpu = $plain.Cpu }
    }

    # On a busy machine the median is that of waiting for a processor: the best times, and the time of the processor, say more.
    $best = ($times.Opi | Measure-Object -Minimum).Minimum - ($times.Bare | Measure-Object -Minimum).Minimum
    $cpu = (($times.OpiCpu | Measure-Object -Sum).Sum - ($times.BareCpu | Measure-Object -Sum).Sum) / $Rounds
    [pscustomobject]@{
        MB        = [math]::Round((Get-Item $path).Length / 1e6, 1)
        OpiMs     = [math]::Round((Get-Median $times.Opi), 2)
        BareMs    = [math]::Round((Get-Median $times.Bare), 2)
        OverMs    = [math]::Round((Get-Median $times.Over), 2)
        BestOver  = [math]::Round($best, 2)
        OverCpuMs = [math]::Round($cpu, 2)
    }
    $s | Close-OpiSession
}
finally {
    $stub.StandardInput.Close()
    Remove-Item -Recurse -Force $folder -ErrorAction Ignore
}
