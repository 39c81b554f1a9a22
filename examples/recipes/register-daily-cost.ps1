# Registers daily-cost.ps1 with Windows' Task Scheduler, each night at five to twelve. Run it once, in the account whose agents are counted.
param(
    # The folder for cost.html and cost.csv.
    [Parameter(Mandatory)] [string] $Destination,

    # What a day may cost, in USD.
    [decimal] $Budget = 20
)

$ErrorActionPreference = 'Stop'
$script = Join-Path $PSScriptRoot daily-cost.ps1
$limit = $Budget.ToString([cultureinfo]::InvariantCulture)
$action = New-ScheduledTaskAction -Execute pwsh -Argument "-NoProfile -File `"$script`" -Destination `"$Destination`" -Budget $limit"
$trigger = New-ScheduledTaskTrigger -Daily -At 23:55
Register-ScheduledTask -TaskName 'Opi daily cost' -Action $action -Trigger $trigger -Description 'Keeps and reports what LLM agents cost.'
