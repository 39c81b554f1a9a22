<#
.SYNOPSIS
Measures the commands that read a session which is open in the process, against the library's own call, by the size of the file.

.DESCRIPTION
Makes a session of so many turns of 4 kB, compacts it to a few messages, and prints the best time of each command in milliseconds, and its
ratio to $s.ReadContext(). The context is the same at each size, so that a command which reads the whole file shows by growing with it.
Build the module first: dotnet build -c Release.

.EXAMPLE
pwsh -NoProfile bench/Measure-Context.ps1
#>
param(
    [int[]] $Turns = (600, 6000),
    [int] $Rounds = 9,
    [string] $Module = "$PSScriptRoot/../Opi.psd1"
)

$ErrorActionPreference = 'Stop'
Import-Module $Module
$folder = Join-Path ([IO.Path]::GetTempPath()) "opi-measure-$([guid]::NewGuid().ToString('n').Substring(0, 8))"

function Get-Best([scriptblock] $Script) {
    & $Script # once to warm up
    (1..$Rounds | ForEach-Object { (Measure-Command $Script).TotalMilliseconds } | Measure-Object -Minimum).Minimum
}

try {
    foreach ($count in $Turns) {
        $s = New-OpiSession -Model anthropic:claude-sonnet-4-5 -Path $folder -Durability Buffered -NoCompaction
        $text = 'x' * 2000
        1..$count | ForEach-Object { [pscustomobject]@{ User = "$_ $text"; Assistant = "$_ $text"; InputTokens = 10; OutputTokens = 10 } } |
            Add-OpiTurn -Session $s | Out-Null
        $null = Invoke-OpiCompaction $s -Strategy Core -KeepRecentTurns 2
        $base = Get-Best { $null = $s.ReadContext() }
        $commands = [ordered]@{
            'ReadContext'           = { $null = $s.ReadContext() }
            'Get-OpiContext'        = { $null = Get-OpiContext $s }
            'Get-OpiContext -As'    = { $null = Get-OpiContext $s -As Anthropic }
            'Get-OpiEntry -Last 10' = { $null = Get-OpiEntry $s -Last 10 }
            'Get-OpiBranch'         = { $null = Get-OpiBranch $s }
        }
        $commands.GetEnumerator() | ForEach-Object {
            $best = Get-Best $_.Value
            [pscustomobject]@{
                MB      = [math]::Round((Get-Item $s.Path).Length / 1e6, 1)
                Command = $_.Key
                Ms      = [math]::Round($best, 2)
                Ratio   = [math]::Round($best / $base, 1)
            }
        }
        $s | Close-OpiSession
    }
}
finally {
    Remove-Item -Recurse -Force $folder -ErrorAction Ignore
}
