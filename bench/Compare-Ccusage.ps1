# Sets the totals of Opi beside those of ccusage for the logs that both find, source by source. The logs are found as the agents' own variables
# say (CLAUDE_CONFIG_DIR, CODEX_HOME ...), or are in another home. docs/sources.md explains the differences.
param(
    [Parameter(Mandatory)] [string] $Ccusage, # the native program of the npm package ccusage 20
    [string[]] $Source = ('ClaudeCode', 'Codex', 'Gemini', 'Pi'),
    [string] $HomeFolder # on Linux and macOS, in place of the user's own
)
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../Opi.psd1')
$agents = @{ ClaudeCode = 'claude'; KiloCode = 'kilo' } # the others are named alike
if ($HomeFolder) { $env:HOME = (Resolve-Path $HomeFolder).ProviderPath }
foreach ($name in $Source) {
    $text = & $Ccusage ($agents[$name] ?? $name.ToLowerInvariant()) daily --json --offline --timezone UTC
    if ($LASTEXITCODE -ne 0) { throw "'$Ccusage' ended with exit code $LASTEXITCODE." }
    $theirs = ($text -join "`n" | ConvertFrom-Json).totals
    $ours = Get-OpiCost -Source $name -By Source -Total -TimeZone UTC -WarningAction SilentlyContinue | Where-Object IsTotal
    $pairs = @(
        @{ Name = 'InputTokens'; Opi = $ours.InputTokens; Ccusage = $theirs.inputTokens }
        @{ Name = 'OutputTokens'; Opi = $ours.OutputTokens; Ccusage = $theirs.outputTokens }
        @{ Name = 'CacheReadTokens'; Opi = $ours.CacheReadTokens; Ccusage = $theirs.cacheReadTokens }
        @{ Name = 'CacheWriteTokens'; Opi = $ours.CacheWriteTokens; Ccusage = $theirs.cacheCreationTokens }
        @{ Name = 'Cost'; Opi = $ours.KnownCost; Ccusage = $theirs.totalCost ?? $theirs.costUSD }
    )
    foreach ($pair in $pairs) {
        [pscustomobject]@{
            Source = $name; Figure = $pair.Name; Opi = $pair.Opi; Ccusage = $pair.Ccusage
            Same = [Math]::Abs([double]$pair.Opi - [double]$pair.Ccusage) -lt 1e-6
        }
    }
}
